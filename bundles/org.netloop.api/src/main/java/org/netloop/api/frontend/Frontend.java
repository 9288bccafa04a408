package org.netloop.api.frontend;

import org.netloop.api.volume.Volume;
import org.osgi.annotation.versioning.ConsumerType;

import java.io.IOException;
import java.util.List;

/**
 * Exposes volumes to the outside. Registered as a service; called by many threads at once.
 *
 * <p>Obligations: many requests of one attachment are served at a time; a request that fails (the
 * read threw) is an I/O error to its reader and nothing more; what the other side sends is hostile
 * until its bounds are checked; when the frontend's bundle stops, all attachments are detached but
 * those that {@linkplain Attachment#outlivesFrontend() outlive} it.
 */
@ConsumerType
public interface Frontend {

    /** What it is called: {@code nbd}. */
    String id();

    /**
     * Attaches a volume. Returns when others can use it.
     *
     * @param spec where and how
     * @throws IOException if the place is taken, not allowed or not understood; nothing is left
     *     behind
     */
    Attachment attach(Volume volume, AttachmentSpec spec) throws IOException;

    /** The attachments of this frontend that are not closed, in the order they were made. */
    List<Attachment> attachments();
}
