package org.netloop.api.trust;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * A message and its signatures, neither of them checked.
 *
 * @param signatures at least one; each is of the whole message
 * @param message what was signed, read-only
 */
public record Envelope(List<Signature> signatures, ByteBuffer message) {

    /** Copies the list, not the bytes. */
    public Envelope {
        signatures = List.copyOf(signatures);
        message = message.asReadOnlyBuffer();
    }

    /** Returns the signed bytes, in a buffer of its own. */
    @Override
    public ByteBuffer message() {
        return message.duplicate();
    }

    /**
     * One signature.
     *
     * @param keyId of the key that claims to have made it
     * @param bytes the signature in the form of its scheme, read-only
     */
    public record Signature(String keyId, ByteBuffer bytes) {
        /** Does not copy the bytes. */
        public Signature {
            bytes = bytes.asReadOnlyBuffer();
        }

        /** The signature, as a buffer of its own. */
        @Override
        public ByteBuffer bytes() {
            return bytes.duplicate();
        }
    }
}
