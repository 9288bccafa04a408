package org.netloop.api.frontend;

import org.netloop.api.volume.Volume;
import org.osgi.annotation.versioning.ConsumerType;

import java.io.IOException;
import java.util.List;

/**
 * Exposes volumes to clients. Registered as a service; called by many threads at once.
 *
 * <p>Obligations: many requests of one attachment are served at a time; a failed read is an I/O
 * error for its client and nothing more; requests are hostile until their bounds are checked; when
 * the frontend's bundle stops, all attachments are detached except those that {@linkplain
 * Attachment#outlivesFrontend() outlive} it.
 */
@ConsumerType
public interface Frontend {

    /** Returns the frontend's id: {@code nbd}. */
    String id();

    /**
     * Attaches a volume. Returns when clients can use it.
     *
     * @param spec place and options
     * @throws IOException if the place is taken, not allowed or not valid; nothing is left behind
     */
    Attachment attach(Volume volume, AttachmentSpec spec) throws IOException;

    /** Returns this frontend's attachments that are not closed, in the order they were made. */
    List<Attachment> attachments();
}
