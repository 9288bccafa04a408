/**
 * Files on this machine that Netloop itself writes.
 *
 * <p>Whoever keeps files for later runs (a cache, state, plugins) does so in a {@link
 * org.netloop.api.file.PrivateDirectory}, which others may not change.
 */
@NullMarked
@Version("1.0.0")
package org.netloop.api.file;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
