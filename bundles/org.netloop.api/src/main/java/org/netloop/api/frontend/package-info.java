/**
 * The frontend contract: exposes volumes to clients, as files (FUSE) or exports (NBD).
 *
 * <p>A {@link org.netloop.api.frontend.Frontend} attaches a volume at a place and returns an {@link
 * org.netloop.api.frontend.Attachment}. The volume outlives the backends it is made of, so an
 * attachment has no need to watch them.
 *
 * <p>Obligations: an attachment serves many requests at a time; it checks the bounds of every
 * request; a failed read is an error for its client and harms nobody else; unknown options are
 * refused ({@link org.netloop.api.frontend.AttachmentSpec#only}); stopping the bundle detaches all
 * attachments, except those that outlive their frontend.
 */
@NullMarked
@Version("1.0.0")
package org.netloop.api.frontend;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
