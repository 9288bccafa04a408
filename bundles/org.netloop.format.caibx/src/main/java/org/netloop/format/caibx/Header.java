package org.netloop.format.caibx;

import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.transport.FetchException;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Header of an index: length, mark, flags, and three lengths of chunks; then the head of its table.
 * All numbers are of 64 bits, little-endian.
 *
 * @param digest names the chunks
 * @param least the length of the shortest chunk but the last
 * @param average the length chunks have on average
 * @param most the length of the longest chunk
 */
record Header(DigestAlgorithm digest, int least, int average, int most) {
    static final int LENGTH = 48;

    /** Length in bytes of the header and of the head of the table. */
    static final int WITH_TABLE = LENGTH + 2 * Long.BYTES;

    static final long INDEX = 0x96824d9c7b129ff9L;
    static final long TABLE = 0xe75b9e112f17417dL;
    static final long SHA512_256 = 1L << 61;

    /** Flags of what was left out of the input; they do not affect the chunks. */
    static final long EXCLUSIONS = 1L << 63 | 1L << 62 | 1L << 60;

    /** Above it a block would take too much of the memory that all readers share. */
    static final int LONGEST_CHUNK = 16 << 20;

    private static final long OPEN_END = -1;

    static boolean isOne(ByteBuffer head) {
        ByteBuffer numbers = head.slice().order(ByteOrder.LITTLE_ENDIAN);
        return numbers.remaining() >= LENGTH
                && numbers.getLong(0) == LENGTH
                && numbers.getLong(Long.BYTES) == INDEX;
    }

    /**
     * @param name what messages call the file
     */
    static Header read(String name, ByteBuffer head) throws FetchException {
        if (head.remaining() < WITH_TABLE || !isOne(head)) {
            throw new FetchException.Corrupt(name + " does not start like a casync index");
        }
        ByteBuffer numbers = head.slice().order(ByteOrder.LITTLE_ENDIAN).position(2 * Long.BYTES);
        DigestAlgorithm digest = digest(name, numbers.getLong());
        long least = numbers.getLong();
        long average = numbers.getLong();
        long most = numbers.getLong();
        if (numbers.getLong() != OPEN_END || numbers.getLong() != TABLE) {
            throw new FetchException.Corrupt(name + " has no table after its header");
        }
        if (least < 1 || average < least || most < average) {
            throw new FetchException.Corrupt(
                    name
                            + " lists chunks of "
                            + Long.toUnsignedString(least)
                            + " to "
                            + Long.toUnsignedString(most)
                            + " bytes, "
                            + Long.toUnsignedString(average)
                            + " on average");
        }
        if (most > LONGEST_CHUNK) {
            throw new FetchException.Unsupported(
                    name
                            + " has chunks of up to "
                            + most
                            + " bytes; at most "
                            + LONGEST_CHUNK
                            + " are read: make it with a smaller --chunk-size");
        }
        return new Header(digest, (int) least, (int) average, (int) most);
    }

    /** Writes the form that {@link #read} reads. */
    void write(ByteBuffer into) {
        into.putLong(LENGTH)
                .putLong(INDEX)
                .putLong(digest == DigestAlgorithm.SHA256 ? 0 : SHA512_256)
                .putLong(least)
                .putLong(average)
                .putLong(most)
                .putLong(OPEN_END)
                .putLong(TABLE);
    }

    private static DigestAlgorithm digest(String name, long flags)
            throws FetchException.Unsupported {
        long others = flags & ~(SHA512_256 | EXCLUSIONS);
        if (others != 0) {
            throw new FetchException.Unsupported(
                    name
                            + " has the flags "
                            + Long.toHexString(others)
                            + ": it is the index of a directory tree (.caidx), not of an image");
        }
        return (flags & SHA512_256) == 0 ? DigestAlgorithm.SHA256 : DigestAlgorithm.SHA512_256;
    }
}
