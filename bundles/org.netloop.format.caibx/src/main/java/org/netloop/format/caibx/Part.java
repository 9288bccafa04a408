package org.netloop.format.caibx;

import org.netloop.api.block.Block;

/** Neighbouring chunks of an image. Immutable but for when it was last asked for. */
final class Part {
    private final int number;
    private final Block[] blocks;

    /** Read and written without order: a guess will do. */
    private long lastUse;

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

    /** Where in the image it begins. */
    long offset() {
        return blocks[0].offset();
    }

    /** Where in the image it ends. */
    long end() {
        return blocks[blocks.length - 1].end();
    }

    boolean contains(long offset) {
        return offset >= offset() && offset < end();
    }

    void use(long now) {
        lastUse = now;
    }

    long lastUse() {
        return lastUse;
    }

    /** Which of its blocks, from 0, it is that holds an offset inside of it. */
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

    /** Where the run of holes, or of data, that holds an offset inside of it ends. */
    long runEnd(long offset) {
        int last = indexOf(offset);
        boolean hole = blocks[last].isHole();
        while (last + 1 < blocks.length && blocks[last + 1].isHole() == hole) {
            last++;
        }
        return blocks[last].end();
    }
}
