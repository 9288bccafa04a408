package org.netloop.publish;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Block;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Packs chunks by many threads and gives them back in the order they went in. Used by the thread
 * that made it.
 *
 * <p>Invariant: a chunk is with its owner, free, or with one thread; so buffers are never more than
 * at the start. Results wait in {@code belt} for those before them, at most {@code beltLength} of
 * them.
 */
final class Conveyor implements Closeable {
    private final Packer packer;
    private final int blockLength;
    private final BlockingDeque<Chunk> free;
    private final ExecutorService threads;
    private final int beltLength;
    private final Deque<Load> belt = new ArrayDeque<>();
    private final FirstFailure failure;
    private final Thread owner = Thread.currentThread();

    /**
     * A conveyor.
     *
     * @param chunks all there are; as many threads work
     * @param failure where theirs go; looked at before anything is given out
     */
    Conveyor(Packer packer, int blockLength, List<Chunk> chunks, FirstFailure failure) {
        this.packer = packer;
        this.failure = failure;
        this.blockLength = blockLength;
        this.free = new LinkedBlockingDeque<>(chunks);
        this.beltLength = 4 * chunks.size();
        this.threads =
                Executors.newFixedThreadPool(
                        chunks.size(),
                        Thread.ofPlatform().name("netloop-publish-", 0).daemon().factory());
    }

    /** A run of an image: packed blocks, or a hole where there are none. */
    static final class Load {
        private final long offset;
        private final long length;
        private volatile @Nullable List<PackedBlock> blocks;

        Load(long offset, long length) {
            this.offset = offset;
            this.length = length;
        }

        long offset() {
            return offset;
        }

        long length() {
            return length;
        }

        /** The blocks; empty for a hole; null while they are being packed. */
        @Nullable List<PackedBlock> blocks() {
            return blocks;
        }
    }

    /**
     * A free chunk, to be filled; waits for one. The one used last comes first: it is warm in the
     * cache.
     */
    Chunk take() throws IOException, InterruptedException {
        Chunk chunk = free.takeFirst();
        failure.check();
        return chunk;
    }

    /** Gives a chunk back that was not filled. */
    void giveBack(Chunk chunk) {
        free.addFirst(chunk);
    }

    /**
     * Puts a chunk on the belt: the remaining bytes of its plain buffer are blocks from {@code
     * offset} on.
     */
    void put(Chunk chunk, long offset) {
        Load load = new Load(offset, chunk.plain().remaining());
        belt.add(load);
        threads.execute(() -> pack(chunk, load));
    }

    /** Puts a hole on the belt. */
    void putHole(long offset, long length) {
        Load load = new Load(offset, length);
        load.blocks = List.of();
        belt.add(load);
    }

    /** Puts blocks on the belt that the repository has. */
    void putKept(List<Block> blocks) {
        long offset = blocks.getFirst().offset();
        Load load = new Load(offset, blocks.getLast().end() - offset);
        load.blocks = blocks.stream().map(PackedBlock::kept).toList();
        belt.add(load);
    }

    /**
     * The next result in order; null if there is none yet.
     *
     * @param ending to wait for all there are, and give null after the last one; else it only waits
     *     when too many are on the belt
     */
    @Nullable Load poll(boolean ending) throws IOException, InterruptedException {
        Load head = belt.peek();
        if (head == null) {
            return null;
        }
        while (head.blocks == null) {
            failure.check();
            if (!ending && belt.size() < beltLength) {
                return null;
            }
            if (Thread.interrupted()) {
                throw new InterruptedException(
                        "interrupted while a block at " + head.offset + " was packed");
            }
            LockSupport.park(this);
        }
        failure.check();
        return belt.remove();
    }

    private void pack(Chunk chunk, Load load) {
        try {
            load.blocks = pack(chunk, load.offset);
        } catch (Throwable e) {
            failure.set(e);
        } finally {
            free.addFirst(chunk);
            LockSupport.unpark(owner);
        }
    }

    private List<PackedBlock> pack(Chunk chunk, long offset)
            throws IOException, InterruptedException {
        ByteBuffer plain = chunk.plain();
        int length = plain.remaining();
        List<PackedBlock> blocks = new ArrayList<>(Math.ceilDiv(length, blockLength));
        for (int at = 0; at < length; at += blockLength) {
            ByteBuffer block = plain.slice(at, Math.min(blockLength, length - at));
            blocks.add(packer.pack(offset + at, block, chunk.scratch()));
        }
        return blocks;
    }

    @Override
    public void close() {
        threads.shutdownNow();
        Ending.await(
                atMost -> threads.awaitTermination(atMost.toNanos(), TimeUnit.NANOSECONDS),
                () -> !threads.isTerminated(),
                "the packing of a block");
    }
}
