package org.netloop.publish;

import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.index.Delta;
import org.netloop.publish.delta.DeltaMaker;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Semaphore;

/** Has blocks packed by another packer, and adds deltas of those that changed. Thread-safe. */
final class DeltaPacker implements Packer {
    private final Packer packer;
    private final DeltaMaker deltas;
    private final Semaphore processors;

    /**
     * @param workers how many threads may make a delta at a time: each takes memory for the blocks
     *     it refers to
     */
    DeltaPacker(Packer packer, DeltaMaker deltas, int workers) {
        this.packer = packer;
        this.deltas = deltas;
        this.processors = new Semaphore(workers);
    }

    @Override
    public PackedBlock pack(long offset, ByteBuffer plain, ByteBuffer scratch)
            throws IOException, InterruptedException {
        PackedBlock packed = packer.pack(offset, plain, scratch);
        Block block = packed.block();
        BlockTable.Entry entry = packed.entry();
        if (block.isHole() || entry == null) {
            return packed;
        }
        Digest digest = entry.block().plain();
        processors.acquire();
        try {
            Delta.Made made = deltas.make(block, plain, digest);
            return new PackedBlock(block, entry, packed.inline(), made);
        } finally {
            processors.release();
        }
    }
}
