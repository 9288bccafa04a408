package org.netloop.format.caibx;

import org.netloop.api.index.Parts;
import org.netloop.api.transport.FetchException;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Finds the part of a map that holds an offset. As chunks differ in length, no part tells where
 * another one begins: it is guessed from what is known of its neighbours, read, and guessed again.
 * What was read once is remembered: 8 bytes a part. Thread-safe.
 */
final class Search {
    private final String name;
    private final long size;
    private final int count;

    /** Offset of each part; 0, except for the first, means not known. */
    private final AtomicLongArray begins;

    /**
     * @param name the file, for messages
     * @param size the length of the image
     * @param count how many parts there are
     */
    Search(String name, long size, int count) {
        this.name = name;
        this.size = size;
        this.count = count;
        this.begins = new AtomicLongArray(count);
    }

    /** Remembers where a part begins and ends. */
    void learn(Part part) {
        begins.set(part.number(), part.offset());
        if (part.number() + 1 < count) {
            begins.set(part.number() + 1, part.end());
        }
    }

    /**
     * The part that holds the byte at an offset of the image.
     *
     * @param parts reads the parts that are guessed
     * @throws FetchException.Corrupt if the parts are not in order
     */
    Part find(long offset, Parts<Part> parts) throws FetchException, InterruptedException {
        int low = 0;
        long begin = 0;
        int high = count;
        long end = size;
        for (int i = 1; i < count; i++) {
            long known = begins.get(i);
            if (known != 0 && known <= offset) {
                low = i;
                begin = known;
            } else if (known != 0) {
                high = i;
                end = known;
                break;
            }
        }
        for (int step = 0; low < high; step++) {
            Part part =
                    parts.get(guess(step, low, high, (double) (offset - begin) / (end - begin)));
            if (part.contains(offset)) {
                return part;
            }
            if (part.offset() > offset) {
                high = part.number();
                end = part.offset();
            } else {
                low = part.number() + 1;
                begin = part.end();
            }
        }
        throw new FetchException.Corrupt(
                name
                        + ": no chunk holds the byte at "
                        + offset
                        + ", because its table is out of order");
    }

    /** Every other time in the middle: so that a map of the worst kind takes few steps too. */
    private static int guess(int step, int low, int high, double share) {
        int among = high - low;
        return low + (step % 2 == 0 ? (int) Math.clamp(among * share, 0, among - 1) : among / 2);
    }
}
