package org.netloop.api.frontend;

import org.osgi.annotation.versioning.ConsumerType;

import java.io.IOException;
import java.util.concurrent.CompletionStage;

/** One volume exposed by one frontend at one place. Thread-safe. */
@ConsumerType
public interface Attachment extends AutoCloseable {

    /** The volume's name. */
    String volume();

    /** Where a client finds it, exactly: the file's path, or the NBD URI. */
    String address();

    /**
     * Whether it goes on when its frontend's bundle stops, until it is closed: something that its
     * users hold open, and that no successor can take over. Its frontend then leaves it to whoever
     * attached it, except when the whole framework stops.
     */
    default boolean outlivesFrontend() {
        return false;
    }

    /** Completes when it is detached, by {@link #close} or from outside ({@code umount}). */
    CompletionStage<Void> detached();

    /**
     * Detaches it. Requests under way are answered first, within a few seconds. Closing twice does
     * nothing more.
     *
     * @throws IOException if it cannot be detached (a file system on it is in use); the message
     *     says what to do; it may be tried again
     */
    @Override
    void close() throws IOException;
}
