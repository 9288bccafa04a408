/**
 * Certificates that an operator configures as files, in place of those of the JDK.
 *
 * <p>A backend that speaks TLS takes the path of a PEM file as a setting, makes {@link
 * org.netloop.api.tls.Authorities} of it when it is activated, and reports the {@link
 * java.io.IOException} as it is: it names the file.
 */
@NullMarked
@Version("1.0.0")
package org.netloop.api.tls;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
