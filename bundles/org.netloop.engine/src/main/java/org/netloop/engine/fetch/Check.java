package org.netloop.engine.fetch;

import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.Fetched;
import org.netloop.engine.lease.BackendException;

import java.net.URI;
import java.nio.ByteBuffer;

/**
 * Says whether what a mirror sent is what was wanted. It may use what it accepts: decoding is part
 * of a check where only that tells whether the bytes are good. Called by one thread at a time.
 */
@FunctionalInterface
public interface Check {
    /** Accepts everything. */
    Check NONE = (_, _, _) -> {};

    /**
     * Accepts bytes by returning.
     *
     * @param bytes from the first fetched byte to the last
     * @param from the URI they came from
     * @param object what the transport learned of the object they are of
     * @throws FetchException if they are not what was wanted, or cannot be used here
     * @throws BackendException if a backend failed over them, which is not the mirror's fault
     */
    void accept(ByteBuffer bytes, URI from, Fetched object)
            throws FetchException, BackendException, InterruptedException;

    /** Returns a check that runs this check, and then another one. */
    default Check then(Check next) {
        return (bytes, from, object) -> {
            accept(bytes, from, object);
            next.accept(bytes, from, object);
        };
    }
}
