package org.netloop.api.transport;

import org.osgi.annotation.versioning.ConsumerType;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Object that is written piece by piece because it is too long to be stored at once. Used by one
 * thread. It is invisible until it is finished.
 */
@ConsumerType
public interface ObjectWriter extends AutoCloseable {

    /** Appends the remaining bytes, all of them. */
    void write(ByteBuffer bytes) throws IOException;

    /**
     * Moves the object to its place, replacing a former one, atomically or not at all. Once this
     * returns, it survives a power cut.
     */
    void finish() throws IOException;

    /** Gives up if {@link #finish} was not called: nothing is left behind. */
    @Override
    void close() throws IOException;
}
