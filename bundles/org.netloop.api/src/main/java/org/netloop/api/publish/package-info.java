/**
 * Publishing as commands see it: a disk image becomes stored blocks, an index and a channel.
 *
 * <p>A publisher implements this package; plugins use it.
 */
@NullMarked
@Version("1.0.0")
package org.netloop.api.publish;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
