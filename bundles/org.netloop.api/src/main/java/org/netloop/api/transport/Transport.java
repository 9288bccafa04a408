package org.netloop.api.transport;

import org.osgi.annotation.versioning.ConsumerType;

import java.net.URI;
import java.nio.ByteBuffer;

/**
 * Fetches objects, or byte ranges of them, from URIs of its schemes. Registered as a service with
 * the property {@value #SCHEMES}; called by many threads at once.
 *
 * <p>Obligations: memory is bounded by the caller's buffer, whatever the other side sends; a call
 * ends when its timeout does, and promptly when its thread is interrupted; bytes arrive as stored
 * (no content coding is requested, none is undone). Nothing is retried, except to replace a stale
 * pooled connection: retries and failover are the engine's.
 */
@ConsumerType
public interface Transport {

    /** Service property with the URI schemes it serves: one string or several, in lower case. */
    String SCHEMES = "netloop.transport.schemes";

    /**
     * Fetches an object, or a range of it, to the position of {@code into}, and moves it on past
     * what was fetched. On failure {@code into} is undefined from its old position on.
     *
     * <p>If the request knows a validator, and the object certainly still is as it was when it had
     * that one, the transport may answer {@link Fetched#unchanged} and leave {@code into} as it is.
     * One that cannot tell sends the bytes, as for any other request.
     *
     * <p>A range that extends beyond the end of the object is fetched up to the end; one that
     * starts at the end or beyond is {@link FetchException.Corrupt}. An answer whose claims
     * contradict each other, so that its bytes may belong to another range or be incomplete, is
     * {@link FetchException.Corrupt} too.
     *
     * @param into has room for the whole range; if the object, or the range, is longer than its
     *     remaining room, {@link FetchException.Corrupt} is thrown
     * @return facts about the object; never null
     * @throws FetchException the type says what to do next; see {@link FetchException}
     * @throws InterruptedException if the thread is interrupted; the fetch is abandoned
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
