/**
 * Common parts of bundles that serve over HTTP with the JDK's web server.
 *
 * <p>A server binds the address that {@link org.netloop.api.http.ListenAddress} reads, with {@link
 * org.netloop.api.http.ServerLimits} set before, and bounds how many requests it answers at a time.
 */
@NullMarked
@Version("1.0.0")
package org.netloop.api.http;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
