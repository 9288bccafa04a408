/**
 * Common parts of bundles that serve over HTTP with the JDK's web server.
 *
 * <p>A {@link org.netloop.api.http.WebServer} binds the address that {@link
 * org.netloop.api.http.ListenAddress} reads. It limits slow clients and connections; its handler
 * bounds how many requests are answered at a time.
 */
@NullMarked
@Version("1.0.0")
package org.netloop.api.http;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
