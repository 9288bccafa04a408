/**
 * Safe handling of the files that Netloop writes on this machine.
 *
 * <p>To write a file under a name from outside, use {@link org.netloop.api.file.AtomicFile}: the
 * name gets all of the bytes or keeps its former ones, and links planted by others are not
 * followed. To keep files for later runs (a cache, state, plugins), use a {@link
 * org.netloop.api.file.PrivateDirectory}, which others may not change. To find out whether a file
 * is still in use, use a {@link org.netloop.api.file.HeldLock}, never a process number. {@link
 * org.netloop.api.file.WriteFailures} explains a failed write.
 */
@NullMarked
@Version("1.0.0")
package org.netloop.api.file;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
