package org.netloop.api.trust;

import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;

import java.nio.ByteBuffer;

/**
 * The chunks by which a file that is an image by itself is verified while it is read in place: each
 * has a SHA-256 digest in the content of the file's {@link Statement}. Stateless.
 */
public final class FileChunks {
    /** The shortest chunk, in bytes; all lengths are powers of two. */
    public static final int SHORTEST = 64 << 10;

    /** The longest chunk, in bytes. */
    public static final int LONGEST = 16 << 20;

    private static final int USUAL_COUNT = 1 << 14;
    private static final int DIGEST = 32;

    private FileChunks() {}

    /**
     * The chunk length for a file: longer for a long file, so that its statement stays small.
     *
     * @param length of the file in bytes
     * @throws IllegalArgumentException if the file is too long to be signed
     */
    public static int lengthFor(long length) {
        int chunk = SHORTEST;
        while (chunk < LONGEST && count(length, chunk) > USUAL_COUNT) {
            chunk *= 2;
        }
        if (digestsLength(length, chunk) > Statement.MAX_CONTENT) {
            throw new IllegalArgumentException(
                    "a file of " + length + " bytes is too long to be signed: pack it");
        }
        return chunk;
    }

    /**
     * Returns the total length of a file's digests in bytes.
     *
     * @param length of the file in bytes
     * @param chunk the length of a chunk in bytes
     * @throws IllegalArgumentException if the chunk length is not possible
     */
    public static long digestsLength(long length, int chunk) {
        if (chunk < SHORTEST || chunk > LONGEST || Integer.bitCount(chunk) != 1) {
            throw new IllegalArgumentException("chunks of " + chunk + " bytes");
        }
        return count(length, chunk) * DIGEST;
    }

    private static long count(long length, int chunk) {
        return length / chunk + (length % chunk == 0 ? 0 : 1);
    }

    /** Appends the digest of one chunk to the content of a statement. */
    public static void append(ByteBuffer chunk, ByteBuffer digests) {
        Digest.of(DigestAlgorithm.SHA256, chunk).write(digests);
    }

    /**
     * Tells whether the bytes are those of that chunk.
     *
     * @param digests the content of the file's statement
     * @param number of the chunk, from 0
     */
    public static boolean matches(ByteBuffer digests, long number, ByteBuffer chunk) {
        int at = digests.position() + Math.toIntExact(number * DIGEST);
        return Digest.read(DigestAlgorithm.SHA256, digests.slice(at, DIGEST)).matches(chunk);
    }
}
