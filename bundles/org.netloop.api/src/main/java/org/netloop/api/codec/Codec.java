package org.netloop.api.codec;

import org.osgi.annotation.versioning.ConsumerType;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Encodes and decodes stored blocks. Registered as a service; called by many threads at once.
 *
 * <p>Obligations: the output of {@link #encode} depends only on the plain bytes, the level and the
 * codec's version, so that equal content gets equal names; {@link #decode} returns exactly those
 * bytes; no buffer is kept after a call; buffers may be direct or not, and read-only where they are
 * only read. Input of {@code decode} is hostile: it costs memory in proportion to the two buffers,
 * plus at most {@value #MOST_BEYOND} bytes, and nothing is written past the limit of the second.
 */
@ConsumerType
public interface Codec {

    /**
     * Excess length, in plain bytes, that {@link #decode} has to accept: a stored form that is
     * longer than its room by at most this is decoded as far as there is room.
     */
    int MOST_BEYOND = 2 << 20;

    /**
     * Returns the id that an index stores: {@code zstd}. At most 16 characters out of {@code
     * a-z0-9-}, and neither {@code none} nor {@code any}.
     */
    String id();

    /** Returns the levels that {@link #encode} accepts. */
    Levels levels();

    /**
     * Returns a bound on the bytes that {@link #encode} writes.
     *
     * @param plainLength number of plain bytes, at least 0
     * @throws ArithmeticException if the bound exceeds an int
     */
    int maxEncodedLength(int plainLength);

    /**
     * Returns whether this codec decodes a block whose index names no codec, judged by the mark at
     * the start of its stored form. A codec whose stored form has no such mark says no, which is
     * the default.
     *
     * @param stored the stored bytes, read-only: a view of its own
     */
    default boolean recognises(ByteBuffer stored) {
        return false;
    }

    /**
     * Opens a whole file in the form that a program of this format writes, and returns its plain
     * bytes. It may have any length and several streams, one after the other. A codec reads files
     * it {@linkplain #recognises recognises}, or none, which is the default.
     *
     * <p>A malformed or truncated file makes the stream throw an {@link IOException} or an
     * unchecked exception, at the latest in the place of its end. Memory is bounded independently
     * of the file. The number of plain bytes is not bounded.
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
     * @param level one of {@link #levels}
     * @throws CodecException if it cannot; {@code stored} is then undefined
     */
    void encode(ByteBuffer plain, ByteBuffer stored, int level) throws CodecException;

    /**
     * Decodes one stored form, from the position of {@code stored} to the position of {@code
     * plain}, until it ends or {@code plain} is full; moves both positions. A stored form marks its
     * own end: {@code stored} is left at the first byte after it, and the codec does not look at
     * what follows. The caller decides whether anything may follow.
     *
     * <p>A codec may refuse a form that exceeds the room of {@code plain} by more than {@value
     * #MOST_BEYOND} bytes, or one that exceeds it and does not state its length.
     *
     * @return true if the stored form ended; false if {@code plain} was full before: it holds the
     *     first plain bytes, and the position of {@code stored} is undefined
     * @throws CodecException if the bytes are malformed or end too early; {@code plain} is then
     *     undefined
     */
    boolean decode(ByteBuffer stored, ByteBuffer plain) throws CodecException;

    /**
     * Decodes bytes that are one stored form and nothing else; otherwise as {@link #decode}. The
     * caller checks that it got as many plain bytes as it expected.
     *
     * @throws CodecException if they are malformed, end too early, have a tail, or give more bytes
     *     than {@code plain} has remaining; {@code plain} is then undefined
     */
    default void decodeWhole(ByteBuffer stored, ByteBuffer plain) throws CodecException {
        int room = plain.remaining();
        int length = stored.remaining();
        if (!decode(stored, plain)) {
            throw new CodecException(
                    "its "
                            + length
                            + " bytes give more than the "
                            + room
                            + " bytes expected, or have no end");
        }
        if (stored.hasRemaining()) {
            throw new CodecException(
                    stored.remaining() + " of its " + length + " bytes follow the end");
        }
    }

    /**
     * Returns whether this codec encodes deltas: blocks against other blocks that the reader has.
     * The default is false.
     */
    default boolean encodesDeltas() {
        return false;
    }

    /**
     * Encodes the remaining bytes of {@code plain} against {@code bases} to the position of {@code
     * delta}, and moves the latter two on. Equal arguments and codec version give equal bytes.
     *
     * @param bases any bytes, also those of a dictionary or a frame of the codec; their position is
     *     left as it was
     * @param delta has at least {@link #maxEncodedLength} bytes remaining
     * @param level one of {@link #levels}
     * @throws CodecException if it cannot, or {@linkplain #encodesDeltas encodes no deltas}
     */
    default void encodeDelta(ByteBuffer bases, ByteBuffer plain, ByteBuffer delta, int level)
            throws CodecException {
        throw new CodecException("codec " + id() + " encodes no deltas");
    }

    /**
     * Decodes a delta that is all of the remaining bytes, to the position of {@code plain}, and
     * moves that on. Input is as hostile as that of {@link #decode}, and costs memory in proportion
     * to the three buffers.
     *
     * @param bases the bytes that it was encoded against; their position is left as it was
     * @throws CodecException if the delta is malformed, gives more bytes than {@code plain} has
     *     remaining, or if the codec {@linkplain #encodesDeltas decodes no deltas}; {@code plain}
     *     is then undefined
     */
    default void decodeDelta(ByteBuffer bases, ByteBuffer delta, ByteBuffer plain)
            throws CodecException {
        throw new CodecException("codec " + id() + " decodes no deltas");
    }

    /**
     * Range of a codec's levels, from fastest to smallest output.
     *
     * @param min the lowest level
     * @param standard the default level
     * @param max the highest level
     */
    record Levels(int min, int standard, int max) {
        /** Checks the order. */
        public Levels {
            if (min > standard || standard > max) {
                throw new IllegalArgumentException(
                        "levels " + min + " <= " + standard + " <= " + max + " do not hold");
            }
        }

        /** Returns whether the level is in the range. */
        public boolean contains(int level) {
            return level >= min && level <= max;
        }
    }
}
