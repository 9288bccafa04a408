/**
 * Publishing as commands see it: a disk image becomes stored blocks, an index and a channel.
 *
 * <p>A {@link org.netloop.api.publish.Publisher} reads an image, encodes its blocks, and hands them
 * to the repository of a transport and to the writer of an index format. The publisher that comes
 * with Netloop implements this package; plugins use it.
 *
 * <p>Obligations of callers: none beyond the specification; an interrupted call leaves no image,
 * and a later one goes on where it ended.
 */
@NullMarked
@Version("1.0.0")
package org.netloop.api.publish;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
