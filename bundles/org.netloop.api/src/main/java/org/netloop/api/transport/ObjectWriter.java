package org.netloop.api.transport;

import org.osgi.annotation.versioning.ConsumerType;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * An object that is written piece by piece, as it is too long to be put at once. Used by one
 * thread. Nobody sees any of it before it is finished.
 */
@ConsumerType
public interface ObjectWriter extends AutoCloseable {

    /** Appends the remaining bytes, all of them. */
    void write(ByteBuffer bytes) throws IOException;

    /**
     * Puts the object in place, replacing what was there: at once or not at all. It survives a
     * power cut when this returns.
     */
    void finish() throws IOException;

    /** Gives up if {@link #finish} was not called: nothing is left behind. */
    @Override
    void close() throws IOException;
}
