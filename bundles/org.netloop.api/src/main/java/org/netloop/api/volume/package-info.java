/**
 * Volumes as frontends and commands see them: an opened image that is read at any offset.
 *
 * <p>A {@link org.netloop.api.volume.Volume} has a name, a size and an identity; an {@link
 * org.netloop.api.volume.ImageVolume} also knows its image. {@link org.netloop.api.volume.Volumes}
 * opens them. The engine implements this package; plugins use it, and may register volumes of their
 * own.
 *
 * <p>Obligations: a volume is read by many threads at once; a read waits for backends that are
 * being replaced, and fails with a {@link org.netloop.api.volume.VolumeException} that frontends
 * map to errors of their protocol; the size of a volume never changes while it is open, and its
 * content changes only by writes. Another image of the same name is another volume.
 */
@NullMarked
@Version("1.0.0")
package org.netloop.api.volume;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
