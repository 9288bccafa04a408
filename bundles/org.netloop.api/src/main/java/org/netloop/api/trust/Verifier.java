package org.netloop.api.trust;

import org.netloop.api.transport.FetchException;
import org.osgi.annotation.versioning.ConsumerType;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Checks signatures of one scheme. Registered as a service; called by many threads at once.
 *
 * <p>Obligations: keys and envelopes come from others, so nothing of them is trusted before its
 * bounds are checked; a malformed envelope is a {@link FetchException.Corrupt}, never an unchecked
 * exception. The message of an envelope is not looked into.
 */
@ConsumerType
public interface Verifier {

    /** The most signatures that an envelope may have. */
    int MAX_SIGNATURES = 16;

    /** Returns the scheme's name: {@code signify}. */
    String scheme();

    /**
     * Reads a public key.
     *
     * @param text the content of a key file, or the key in one line
     * @return empty if it is not a public key of this scheme
     */
    Optional<PublicKey> key(String text);

    /**
     * Takes signatures and message apart, without checking them.
     *
     * @param name what messages call it
     * @param bytes its remaining bytes; the position is left as it was
     * @throws FetchException.Corrupt if it is not an envelope of this scheme, or has more than
     *     {@value #MAX_SIGNATURES} signatures
     */
    Envelope open(String name, ByteBuffer bytes) throws FetchException.Corrupt;

    /**
     * Tells whether a key made a signature.
     *
     * @param key of this scheme
     * @param message its remaining bytes; the position is left as it was
     */
    boolean verifies(PublicKey key, Envelope.Signature signature, ByteBuffer message);
}
