package org.netloop.api.trust;

import org.osgi.annotation.versioning.ConsumerType;

import java.nio.ByteBuffer;

/**
 * A key that statements are signed with. Made by a {@link Signer}; used by many threads at once.
 */
@ConsumerType
public interface SecretKey extends AutoCloseable {

    /** The key that its signatures are checked with. */
    PublicKey publicKey();

    /**
     * Signs a message.
     *
     * @param message its remaining bytes; the position is left as it was
     * @return the signature in the form of its scheme
     */
    ByteBuffer sign(ByteBuffer message);

    /** Wipes it from memory, as far as that is possible; it signs no more. */
    @Override
    void close();
}
