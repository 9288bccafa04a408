package org.netloop.publish;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;

import java.nio.ByteBuffer;

/**
 * Stored form of some plain content. Immutable.
 *
 * @param plain the digest of the plain bytes, by {@link #PLAIN_ALGORITHM}
 * @param name the digest that names the stored form: of its bytes, or of the plain ones of a chunk
 * @param length how many stored bytes there are, at least 1
 * @param encoded whether they are encoded by the image's codec; else they are the plain bytes
 */
record KnownBlock(Digest plain, Digest name, int length, boolean encoded) {

    /**
     * Digest algorithm that identifies plain content, whatever algorithm names the stored blocks.
     */
    static final DigestAlgorithm PLAIN_ALGORITHM = DigestAlgorithm.SHA256;

    /**
     * Returns the number of bytes that {@link #write} writes when stored blocks are named by {@code
     * algorithm}.
     */
    static int recordLength(DigestAlgorithm algorithm) {
        return PLAIN_ALGORITHM.length() + algorithm.length() + Integer.BYTES + 1;
    }

    /** Writes it at the position of {@code into}, and moves that on. */
    void write(ByteBuffer into) {
        plain.write(into);
        name.write(into);
        into.putInt(length).put((byte) (encoded ? 1 : 0));
    }

    /**
     * Reads what {@link #write} wrote, and moves the position on; null if that cannot have been.
     */
    static @Nullable KnownBlock read(DigestAlgorithm algorithm, ByteBuffer from) {
        Digest plain = Digest.read(PLAIN_ALGORITHM, from);
        Digest name = Digest.read(algorithm, from);
        int length = from.getInt();
        byte form = from.get();
        return length < 1 || form < 0 || form > 1
                ? null
                : new KnownBlock(plain, name, length, form == 1);
    }
}
