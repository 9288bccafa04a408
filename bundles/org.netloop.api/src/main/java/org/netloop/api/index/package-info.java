/**
 * The index format contract: from a reference to the map of an image's blocks, and back when
 * publishing.
 *
 * <p>A format owns a repository's layout: which object is looked at first, how blocks are named,
 * what a channel is. It never opens a connection; it asks an {@link
 * org.netloop.api.index.ObjectReader} for objects by path, and the engine fetches, verifies and
 * caches them.
 */
@NullMarked
@Version("1.0.0")
package org.netloop.api.index;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
