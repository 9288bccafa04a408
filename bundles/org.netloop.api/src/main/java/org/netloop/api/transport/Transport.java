package org.netloop.api.transport;

import org.osgi.annotation.versioning.ConsumerType;

import java.net.URI;
import java.nio.ByteBuffer;

/**
 * Fetches bytes of URIs of its schemes. Registered as a service with the property {@value
 * #SCHEMES}; called by many threads at once.
 *
 * <p>Obligations: memory is bounded by the caller's buffer, whatever the other side sends; a call
 * ends when its timeout does, and promptly when its thread is interrupted; bytes arrive as stored
 * (no content coding is asked for, none is undone). Nothing is retried beyond what is needed to
 * replace a stale pooled connection: retries and failover are the engine's.
 */
@ConsumerType
public interface Transport {

    /** Service property: the URI schemes it serves, a string or several, in lower case. */
    String SCHEMES = "netloop.transport.schemes";

    /**
     * Fetches an object, or a range of it, to the position of {@code into}, and moves it on past
     * what was fetched. On failure {@code into} is undefined from its old position on.
     *
     * <p>A part that the end of the object cuts short comes as far as it goes; of one that begins
     * at the end or beyond, {@link FetchException.Corrupt} is thrown. Bytes that may be those of
     * another part, or not all of it, as the other side's claims contradict each other, are {@link
     * FetchException.Corrupt} too.
     *
     * @param into has room for all that may come; when the object, or the range, turns out to be
     *     longer than what remains, {@link FetchException.Corrupt} is thrown
     * @throws FetchException by its type says what to do next
     * @throws InterruptedException if the thread is interrupted; the fetch is given up
     */
    Fetched fetch(FetchRequest request, ByteBuffer into)
            throws FetchException, InterruptedException;

    /**
     * Opens a repository below a base URI for publishing and listing.
     *
     * @throws FetchException.Unsupported if this transport only fetches, which is the default
     */
    default Repository open(URI base) throws FetchException {
        throw new FetchException.Unsupported(
                "nothing can be published to or listed at "
                        + base
                        + ": the transport of '"
                        + base.getScheme()
                        + "' only fetches");
    }
}
