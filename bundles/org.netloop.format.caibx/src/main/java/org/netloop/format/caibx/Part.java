package org.netloop.format.caibx;

import org.netloop.api.block.Block;
import org.netloop.api.index.Parts;

/** Neighbouring chunks of an image. Immutable. */
final class Part {
    private final int number;
    private final Block[] blocks;

    /**
     * @param number which of the parts of its map it is, from 0
     * @param blocks at least one, without gaps; not copied
     */
    Part(int number, Block[] blocks) {
        this.number = number;
        this.blocks = blocks;
    }

    int number() {
        return number;
    }

    /** Returns the offset of its first byte in the image. */
    long offset() {
        return blocks[0].offset();
    }

    /** Returns the offset after its last byte in the image. */
    long end() {
        return blocks[blocks.length - 1].end();
    }

    boolean contains(long offset) {
        return offset >= offset() && offset < end();
    }

    /** Compares where a part lies with an offset, as {@link Parts.Order} says. */
    static int side(Part part, long offset) {
        return part.end() <= offset ? -1 : part.offset() > offset ? 1 : 0;
    }

    /** Returns the index, from 0, of the block that contains an offset. */
    private int indexOf(long offset) {
        int low = 0;
        int high = blocks.length - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (blocks[middle].offset() <= offset) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** The block that holds an offset inside of it. */
    Block block(long offset) {
        return blocks[indexOf(offset)];
    }

    /** Returns the end of the run of holes, or of data, that contains an offset. */
    long runEnd(long offset) {
        int last = indexOf(offset);
        boolean hole = blocks[last].isHole();
        while (last + 1 < blocks.length && blocks[last + 1].isHole() == hole) {
            last++;
        }
        return blocks[last].end();
    }
}
