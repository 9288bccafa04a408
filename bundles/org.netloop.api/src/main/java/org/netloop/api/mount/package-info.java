/**
 * Mounting on Linux, for frontends that show volumes as files.
 *
 * <p>{@link org.netloop.api.mount.MountRights} says what a machine lacks, {@link
 * org.netloop.api.mount.MountPoint} makes a directory ready, {@link
 * org.netloop.api.mount.FileSystems} mounts what is on an image beside its file, and {@link
 * org.netloop.api.mount.MountOptions} are the settings that all such frontends have. {@link
 * org.netloop.api.mount.MountedVolumes} keeps what is attached; a frontend gives it the {@link
 * org.netloop.api.mount.VolumeMount}. {@link org.netloop.api.mount.WaitingRequests} are those that
 * cannot be answered at once.
 */
@NullMarked
@Version("1.0.0")
package org.netloop.api.mount;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
