/**
 * Volumes as frontends and commands see them: an opened image that is read at any offset.
 *
 * <p>An engine implements this package; plugins use it.
 */
@NullMarked
@Version("1.0.0")
package org.netloop.api.volume;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
