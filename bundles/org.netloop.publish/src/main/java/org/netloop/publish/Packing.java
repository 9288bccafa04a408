package org.netloop.publish;

import org.netloop.api.block.Block;
import org.netloop.api.block.Extent;
import org.netloop.publish.Conveyor.Load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** Carries one image from its source over a conveyor to the tally. Used by one thread. */
final class Packing {
    private final ImageSource source;
    private final int blockLength;
    private final boolean holes;
    private final Conveyor conveyor;
    private final Tally tally;

    /**
     * A packing of images cut into blocks of that length.
     *
     * @param holes whether what is a hole is passed over; else it is packed as zeros
     */
    Packing(ImageSource source, int blockLength, boolean holes, Conveyor conveyor, Tally tally) {
        this.source = source;
        this.blockLength = blockLength;
        this.holes = holes;
        this.conveyor = conveyor;
        this.tally = tally;
    }

    /**
     * Packs all of the image.
     *
     * @param kept finds what need not be packed
     */
    void run(KeptBlocks kept) throws IOException, InterruptedException {
        long offset = 0;
        while (source.size() == ImageSource.UNKNOWN || offset < source.size()) {
            List<Block> known = kept.from(offset);
            if (!known.isEmpty()) {
                conveyor.putKept(known);
                offset = known.getLast().end();
                pass(false);
                continue;
            }
            Extent extent = source.extent(offset);
            long hole = wholeHole(extent);
            if (hole > 0) {
                conveyor.putHole(offset, hole);
                offset += hole;
            } else {
                int length = read(extent);
                if (length == 0) {
                    break;
                }
                offset += length;
            }
            pass(false);
        }
        pass(true);
    }

    /** Returns the number of bytes in whole blocks of a hole, or in the rest of the image. */
    private long wholeHole(Extent extent) {
        if (!holes || !extent.hole()) {
            return 0;
        }
        return extent.end() == source.size() ? extent.length() : extent.length() & -blockLength;
    }

    /** Reads blocks until the extent ends or the chunk is full; 0 at the end of the image. */
    private int read(Extent extent) throws IOException, InterruptedException {
        Chunk chunk = conveyor.take();
        ByteBuffer plain = chunk.plain().clear();
        // A block that a hole ends in, or begins in, is read whole.
        long wanted = extent.hole() ? blockLength : wholeBlocks(extent.length());
        plain.limit((int) Math.min(plain.capacity(), wanted));
        int length = source.read(plain, extent.offset());
        if (length == 0) {
            conveyor.giveBack(chunk);
        } else {
            plain.flip();
            conveyor.put(chunk, extent.offset());
        }
        return length;
    }

    private long wholeBlocks(long length) {
        return length > Long.MAX_VALUE - blockLength
                ? length
                : length + blockLength - 1 & -blockLength;
    }

    private void pass(boolean ending) throws IOException, InterruptedException {
        for (Load load = conveyor.poll(ending); load != null; load = conveyor.poll(ending)) {
            append(load);
        }
    }

    private void append(Load load) throws IOException, InterruptedException {
        List<PackedBlock> blocks = load.blocks();
        if (blocks == null || blocks.isEmpty()) {
            tally.appendHole(load.length());
            return;
        }
        for (PackedBlock block : blocks) {
            tally.append(block);
        }
    }
}
