package org.netloop.api.frontend;

import org.osgi.annotation.versioning.ConsumerType;

import java.io.IOException;
import java.util.concurrent.CompletionStage;

/** One volume exposed by one frontend at one place. Thread-safe. */
@ConsumerType
public interface Attachment extends AutoCloseable {

    /** Returns the volume's name. */
    String volume();

    /** Returns the exact address for clients: the file's path, or the NBD URI. */
    String address();

    /**
     * Returns whether the attachment survives the stop of its frontend's bundle, until it is
     * closed: true for something that its users hold open and that no successor can take over. The
     * code that attached it remains responsible for it, except when the whole framework stops.
     */
    default boolean outlivesFrontend() {
        return false;
    }

    /**
     * Returns a stage that completes when the volume is detached, by {@link #close} or from outside
     * ({@code umount}).
     */
    CompletionStage<Void> detached();

    /**
     * Detaches it. Requests under way are answered first, within a few seconds. A second call has
     * no effect.
     *
     * @throws IOException if it cannot be detached (a file system on it is in use); the message
     *     says what to do, and the call may be repeated
     */
    @Override
    void close() throws IOException;
}
