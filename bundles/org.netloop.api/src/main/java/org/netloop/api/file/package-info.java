/**
 * Files on this machine that Netloop itself writes.
 *
 * <p>Whoever writes a file under a name that somebody gave uses {@link
 * org.netloop.api.file.AtomicFile}: the name gets all of the bytes or keeps what it had, and
 * nothing is followed that others planted. Whoever keeps files for later runs (a cache, state,
 * plugins) does so in a {@link org.netloop.api.file.PrivateDirectory}, which others may not change.
 * Whether somebody still uses a file is told by a {@link org.netloop.api.file.HeldLock}, never by a
 * process number. A failed write is told by {@link org.netloop.api.file.WriteFailures}.
 */
@NullMarked
@Version("1.0.0")
package org.netloop.api.file;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
