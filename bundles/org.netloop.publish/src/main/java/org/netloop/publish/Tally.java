package org.netloop.publish;

import org.netloop.api.block.Block;
import org.netloop.api.index.ImageInfo;
import org.netloop.api.index.IndexWriter;
import org.netloop.api.publish.Published;
import org.netloop.api.publish.Publisher.Progress;
import org.netloop.publish.BlockTable.Entry;
import org.netloop.publish.BlockTable.State;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.Consumer;

/** Appends blocks to the index, counts them, and tells how far it is. Used by one thread. */
final class Tally {
    private static final long REPORT_NANOS = 100_000_000;

    private final IndexWriter index;
    private final BlockTable table;
    private final int blockLength;
    private final long total;
    private final Consumer<Progress> progress;
    private final long begin = System.nanoTime();
    private long reported = begin;
    private long end;
    private long holeBytes;
    private long blocks;
    private long distinctBlocks;
    private long newBlocks;
    private long storedBytes;
    private long newBytes;
    private long takenOver;

    /**
     * A tally of nothing.
     *
     * @param total how many bytes there will be; -1 if unknown
     */
    Tally(
            IndexWriter index,
            BlockTable table,
            int blockLength,
            long total,
            Consumer<Progress> progress) {
        this.index = index;
        this.table = table;
        this.blockLength = blockLength;
        this.total = total;
        this.progress = progress;
    }

    /** Returns the number of bytes appended. */
    long end() {
        return end;
    }

    /** Appends a run of holes. */
    void appendHole(long length) throws IOException, InterruptedException {
        for (long left = length; left > 0; left -= blockLength) {
            append(PackedBlock.hole(new Block(end, (int) Math.min(left, blockLength), null)));
        }
    }

    /** Appends a block. */
    void append(PackedBlock packed) throws IOException, InterruptedException {
        Block block = packed.block();
        ByteBuffer inline = packed.inline();
        if (packed.delta() != null) {
            index.append(block, packed.delta());
        } else if (inline == null) {
            index.append(block);
        } else {
            countInline(inline.remaining());
            index.append(block, inline);
        }
        end = block.end();
        Entry entry = packed.entry();
        if (entry != null) {
            count(entry);
        } else if (block.isHole()) {
            holeBytes += block.length();
        } else if (inline == null) {
            blocks++;
            takenOver++;
        }
        report();
    }

    /** A file that holds its blocks is all new, and what is equal in it is not looked for. */
    private void countInline(int length) {
        blocks++;
        distinctBlocks++;
        newBlocks++;
        storedBytes += length;
        newBytes += length;
    }

    private void count(Entry entry) {
        blocks++;
        if (!table.count(entry.block().plain())) {
            return;
        }
        distinctBlocks++;
        storedBytes += entry.block().length();
        if (entry.state() == State.NEW) {
            newBlocks++;
            newBytes += entry.block().length();
        }
    }

    private void report() throws InterruptedException {
        long now = System.nanoTime();
        if (now - reported < REPORT_NANOS) {
            return;
        }
        reported = now;
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted at " + end + " of " + total + " bytes");
        }
        progress.accept(new Progress(end, total, storedBytes));
    }

    /** Tells that all of the image is dealt with. */
    void reportEnd() {
        progress.accept(new Progress(end, end, storedBytes));
    }

    /** Returns the totals. */
    Published published(ImageInfo image) {
        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        return new Published(
                image,
                holeBytes,
                blocks,
                distinctBlocks,
                newBlocks,
                storedBytes,
                newBytes,
                took,
                takenOver);
    }
}
