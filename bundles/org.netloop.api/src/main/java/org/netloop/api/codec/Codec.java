package org.netloop.api.codec;

import org.osgi.annotation.versioning.ConsumerType;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Encodes and decodes stored blocks. Registered as a service; called by many threads at once.
 *
 * <p>Obligations: what {@link #encode} writes depends only on the plain bytes, the level and the
 * codec's version, so that equal content gets equal names; {@link #decode} gives back exactly those
 * bytes; no buffer is kept after a call; buffers may be direct or not, read-only where they are
 * only read. Input of {@code decode} is hostile until proven otherwise: it costs at most memory in
 * proportion to the two buffers, and writes never past the limit of the second.
 */
@ConsumerType
public interface Codec {

    /**
     * What an index calls it: {@code zstd}. At most 16 characters out of {@code a-z0-9-}, and
     * neither {@code none} nor {@code any}.
     */
    String id();

    /** The levels {@link #encode} takes. */
    Levels levels();

    /** The most bytes that {@link #encode} writes for so many plain bytes. */
    int maxEncodedLength(int plainLength);

    /**
     * Whether a block whose index names no codec is stored by this one: by the mark that its stored
     * form begins with. A codec whose stored form has no such mark says no, which is the default.
     *
     * @param stored the stored bytes, read-only: a view of its own
     */
    default boolean recognises(ByteBuffer stored) {
        return false;
    }

    /**
     * The plain bytes of a whole file in the form that a program of this format writes, which may
     * be of any length and of several streams, one behind the other. A codec reads files it
     * {@linkplain #recognises recognises}, or none, which is the default.
     *
     * <p>The stream answers a file that is malformed or ends too early with an {@link IOException}
     * or an unchecked exception, if not before, then in the place of its end; and takes memory
     * within a bound that does not depend on the file. How many plain bytes come is not bounded.
     *
     * @param file the file from its first byte on; closed with what is returned
     * @return empty if this codec reads no files; {@code file} is then untouched
     * @throws IOException if the file is malformed, or asks for more memory than it may have
     */
    default Optional<InputStream> openFile(InputStream file) throws IOException {
        return Optional.empty();
    }

    /**
     * Encodes the remaining bytes of {@code plain} to the position of {@code stored}, and moves
     * both on.
     *
     * @param stored has at least {@link #maxEncodedLength} bytes remaining
     * @throws CodecException if it cannot; {@code stored} is then undefined
     */
    void encode(ByteBuffer plain, ByteBuffer stored, int level) throws CodecException;

    /**
     * Decodes the remaining bytes of {@code stored}, all of them, to the position of {@code plain},
     * and moves both on. The caller checks that it got as many bytes as it expected. A codec whose
     * stored form ends in filling (the clusters of qcow2) stops when {@code plain} is full, and
     * takes what follows as filling; all others refuse it.
     *
     * @throws CodecException if they are malformed, end too early, have a tail, or give more bytes
     *     than {@code plain} has remaining; {@code plain} is then undefined
     */
    void decode(ByteBuffer stored, ByteBuffer plain) throws CodecException;

    /**
     * The levels a codec takes, from fastest to smallest.
     *
     * @param min the lowest
     * @param standard the one used when none is told
     * @param max the highest
     */
    record Levels(int min, int standard, int max) {
        /** Checks the order. */
        public Levels {
            if (min > standard || standard > max) {
                throw new IllegalArgumentException(
                        "levels " + min + " <= " + standard + " <= " + max + " do not hold");
            }
        }

        /** Whether the level is one of them. */
        public boolean contains(int level) {
            return level >= min && level <= max;
        }
    }
}
