/**
 * The protocol of service managers: readiness and health (sd_notify(3)), descriptors that a manager
 * passes to a process it starts (sd_listen_fds(3)), and descriptors that it keeps over the end of a
 * process (FDSTORE of sd_notify(3)). systemd is one such manager. Where no manager started the
 * process, nothing is told, passed or kept.
 *
 * <p>An upgrade uses the same protocol between two processes of one deployment: a {@link
 * org.netloop.api.systemd.Successor} is started with the descriptors that each part {@link
 * org.netloop.api.systemd.HandsOver} has, with or without a manager. Linux only.
 */
@NullMarked
@Version("1.0.0")
package org.netloop.api.systemd;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
