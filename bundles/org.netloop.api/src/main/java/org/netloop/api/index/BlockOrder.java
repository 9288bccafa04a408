package org.netloop.api.index;

import org.netloop.api.block.Block;
import org.netloop.api.block.StoredBlock;

/**
 * Checks of the blocks that an {@link IndexWriter} is given, for formats with blocks of one length:
 * they follow each other without a gap, and each is stored as the writer located it. Used by one
 * thread.
 */
public final class BlockOrder {
    /** Room for the headers of a stored form that is longer than its plain bytes. */
    private static final int OVERHEAD = 64 << 10;

    private final IndexWriter writer;
    private final ImageSpec spec;
    private final long largest;
    private long end;

    /**
     * Starts at offset 0.
     *
     * @param writer the writer, which locates stored blocks
     * @param spec block length, codec and digest algorithm of the image
     * @param largest the largest size of an image of the format, in bytes
     */
    public BlockOrder(IndexWriter writer, ImageSpec spec, long largest) {
        this.writer = writer;
        this.spec = spec;
        this.largest = largest;
    }

    /** Returns the most bytes that an encoded block may have: twice its length, and 64 KiB. */
    public static int mostStored(int plain) {
        return 2 * plain + OVERHEAD;
    }

    /**
     * Returns whether a block may be stored in a number of bytes: exactly its length if it is
     * stored plain, else at most {@link #mostStored}.
     */
    public static boolean isPossible(int stored, int plain, String codec) {
        return codec.equals(StoredBlock.PLAIN)
                ? stored == plain
                : stored >= 1 && stored <= mostStored(plain);
    }

    /**
     * Takes the next block.
     *
     * @throws IllegalArgumentException if it does not begin where the last one ended, follows a
     *     shorter one, is longer than the block length, exceeds the largest size, or is not stored
     *     as it was located; the block is not taken then
     */
    public void take(Block block) {
        if (block.offset() != end
                || end % spec.blockLength() != 0
                || block.length() > spec.blockLength()
                || block.end() > largest) {
            throw new IllegalArgumentException(
                    "block at "
                            + block.offset()
                            + " of "
                            + block.length()
                            + " bytes does not follow "
                            + end
                            + " in an image of blocks of "
                            + spec.blockLength());
        }
        StoredBlock stored = block.storedOrNull();
        if (stored != null && !fits(stored, block.length())) {
            throw new IllegalArgumentException(
                    "block at " + block.offset() + " is not stored as it was located: " + stored);
        }
        end = block.end();
    }

    private boolean fits(StoredBlock stored, int length) {
        return stored.key().algorithm() == spec.digest()
                && (stored.codec().equals(spec.codec()) || stored.codec().equals(StoredBlock.PLAIN))
                && isPossible(stored.length(), length, stored.codec())
                && stored.equals(writer.locate(stored.key(), stored.length(), stored.codec()));
    }

    /**
     * Checks the size of the image against the end of the last block.
     *
     * @throws IllegalArgumentException if they differ
     */
    public void end(long size) {
        if (size != end) {
            throw new IllegalArgumentException(
                    "an image of " + size + " bytes has blocks up to " + end);
        }
    }
}
