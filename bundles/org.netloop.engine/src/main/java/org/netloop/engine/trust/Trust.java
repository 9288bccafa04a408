package org.netloop.engine.trust;

import org.netloop.api.transport.FetchException;

import java.net.URI;
import java.nio.ByteBuffer;

/**
 * What the roots of one volume must pass before they are believed: the one place where a policy of
 * trust is applied, for all formats. Thread-safe.
 *
 * @param seen what was accepted before
 * @param repository names the repository, whatever mirrors serve it
 * @param acceptOlder whether a channel may be older than the one that was accepted before
 */
public record Trust(LastSeen seen, URI repository, boolean acceptOlder) {

    /**
     * Checks a root.
     *
     * @param from which mirror sent it
     * @param sequence of the root; negative if it has none
     * @throws FetchException.Untrusted if it is not to be believed; the message says how to accept
     *     it on purpose
     */
    public void check(String path, URI from, long sequence, ByteBuffer root)
            throws FetchException.Untrusted {
        if (!acceptOlder) {
            seen.check(repository, path, from, sequence, root);
        }
    }

    /** Remembers a root that was believed, and that led to an image. */
    public void accept(String path, long sequence, ByteBuffer root) {
        seen.accept(repository, path, sequence, root);
    }
}
