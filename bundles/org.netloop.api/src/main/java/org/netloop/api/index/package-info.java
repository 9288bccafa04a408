/**
 * The index format contract: from a reference to the map of an image's blocks, and back when
 * publishing.
 *
 * <p>An {@link org.netloop.api.index.IndexFormat} owns the layout of a repository: which object is
 * read first, how blocks are named, what a channel is. It opens an {@link
 * org.netloop.api.index.Index}, the map from offsets to blocks, which loads parts of the map when
 * they are needed and keeps them in {@link org.netloop.api.index.Parts}. It never opens a
 * connection: it asks an {@link org.netloop.api.index.ObjectReader} for objects by path, and the
 * engine fetches, verifies and caches them.
 *
 * <p>Obligations: nothing read is trusted before its bounds are checked; a malformed index is a
 * {@link org.netloop.api.transport.FetchException.Corrupt} that names object and field; opening
 * takes memory in proportion to the root of the index, not to the image; what no digest vouches for
 * is read by {@link org.netloop.api.index.ObjectReader#readRoot}; a writer names nothing that is
 * not durable yet.
 */
@NullMarked
@Version("1.0.0")
package org.netloop.api.index;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
