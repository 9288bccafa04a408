package org.netloop.publish;

import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.index.IndexWriter;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Semaphore;

/**
 * Packs blocks that become a part of the index: each one is encoded, and goes to the index with its
 * bytes. Thread-safe.
 */
final class InlinePacker implements Packer {
    private final BlockEncoder encoder;
    private final DigestAlgorithm algorithm;
    private final IndexWriter index;
    private final Semaphore processors;

    /** A packer; as many threads as there are workers compute at a time. */
    InlinePacker(BlockEncoder encoder, DigestAlgorithm algorithm, IndexWriter index, int workers) {
        this.encoder = encoder;
        this.algorithm = algorithm;
        this.index = index;
        this.processors = new Semaphore(workers);
    }

    @Override
    public PackedBlock pack(long offset, ByteBuffer plain, ByteBuffer scratch)
            throws IOException, InterruptedException {
        processors.acquire();
        try {
            return compute(offset, plain, scratch);
        } finally {
            processors.release();
        }
    }

    private PackedBlock compute(long offset, ByteBuffer plain, ByteBuffer scratch)
            throws IOException {
        int length = plain.remaining();
        if (Zeros.all(plain)) {
            return PackedBlock.hole(new Block(offset, length, null));
        }
        BlockEncoder.Form form = encoder.encode(plain, scratch);
        ByteBuffer bytes =
                ByteBuffer.allocate(form.bytes().remaining()).put(form.bytes().duplicate()).flip();
        StoredBlock stored =
                index.locate(
                        Digest.of(algorithm, bytes),
                        bytes.remaining(),
                        form.encoded() ? encoder.codecId() : StoredBlock.PLAIN);
        return new PackedBlock(new Block(offset, length, stored), null, bytes);
    }
}
