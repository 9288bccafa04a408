package org.netloop.publish;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.index.IndexWriter;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.Repository;
import org.netloop.api.transport.Repository.Kind;
import org.netloop.publish.BlockTable.Entry;
import org.netloop.publish.BlockTable.State;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;

/**
 * Turns plain blocks into stored ones that are in the repository. Thread-safe; a content that
 * several threads have at a time is dealt with by one of them.
 */
final class BlockPacker implements Packer {
    private final BlockEncoder encoder;
    private final DigestAlgorithm algorithm;
    private final IndexWriter index;
    private final Repository repository;
    private final BlockTable table;
    private final Checkpoints checkpoints;
    private final Semaphore processors;
    private final boolean chunks;
    private final ConcurrentMap<Digest, CompletableFuture<Entry>> flights =
            new ConcurrentHashMap<>();

    /**
     * A packer.
     *
     * @param algorithm names the stored blocks
     * @param workers how many threads may compute at a time; others may wait for the repository
     */
    BlockPacker(
            BlockEncoder encoder,
            DigestAlgorithm algorithm,
            IndexWriter index,
            Repository repository,
            BlockTable table,
            Checkpoints checkpoints,
            int workers) {
        this.encoder = encoder;
        this.algorithm = algorithm;
        this.index = index;
        this.repository = repository;
        this.table = table;
        this.checkpoints = checkpoints;
        this.processors = new Semaphore(workers);
        this.chunks = index.takesChunks();
    }

    @Override
    public PackedBlock pack(long offset, ByteBuffer plain, ByteBuffer scratch)
            throws IOException, InterruptedException {
        Optional<Digest> content = compute(() -> content(plain));
        if (content.isEmpty()) {
            return PackedBlock.hole(new Block(offset, plain.remaining(), null));
        }
        Entry entry = settle(content.get(), plain, scratch);
        StoredBlock stored = locate(entry.block(), plain.remaining());
        return new PackedBlock(new Block(offset, plain.remaining(), stored), entry, null);
    }

    /** Names the plain bytes; empty if they are a hole. */
    private Optional<Digest> content(ByteBuffer plain) {
        return !chunks && Zeros.all(plain)
                ? Optional.empty()
                : Optional.of(Digest.of(KnownBlock.PLAIN_ALGORITHM, plain));
    }

    /** Sees to it that a content is in the repository, once. */
    private Entry settle(Digest content, ByteBuffer plain, ByteBuffer scratch)
            throws IOException, InterruptedException {
        Entry known = table.get(content);
        if (known != null && known.isSettled()) {
            return known;
        }
        CompletableFuture<Entry> mine = new CompletableFuture<>();
        CompletableFuture<Entry> other = flights.putIfAbsent(content, mine);
        if (other != null) {
            return await(other);
        }
        try {
            Entry since = table.get(content);
            Entry entry =
                    since != null && since.isSettled()
                            ? since
                            : settle(content, since, plain, scratch);
            mine.complete(entry);
            return entry;
        } catch (Throwable e) {
            mine.completeExceptionally(e);
            throw e;
        } finally {
            flights.remove(content, mine);
        }
    }

    private static Entry await(CompletableFuture<Entry> flight)
            throws IOException, InterruptedException {
        try {
            return flight.get();
        } catch (ExecutionException e) {
            throw new IOException(
                    "an equal block could not be packed: " + e.getCause(), e.getCause());
        }
    }

    private Entry settle(
            Digest content, @Nullable Entry remembered, ByteBuffer plain, ByteBuffer scratch)
            throws IOException, InterruptedException {
        Entry entry;
        if (remembered == null) {
            entry = store(content, plain, scratch);
        } else if (isWhole(remembered.block(), plain)) {
            checkpoints.confirm(remembered.block());
            entry = new Entry(remembered.block(), State.FOUND);
        } else {
            checkpoints.deny();
            entry = store(content, plain, scratch);
        }
        table.put(entry.block(), entry.state());
        return entry;
    }

    private Entry store(Digest content, ByteBuffer plain, ByteBuffer scratch)
            throws IOException, InterruptedException {
        Encoded encoded = compute(() -> encode(content, plain, scratch));
        KnownBlock block = encoded.block();
        boolean found =
                repository.putOnce(
                        locate(block, plain.remaining()).path(), encoded.bytes(), Kind.BLOCK);
        checkpoints.add(block);
        return new Entry(block, found ? State.FOUND : State.NEW);
    }

    private Encoded encode(Digest content, ByteBuffer plain, ByteBuffer scratch)
            throws IOException {
        BlockEncoder.Form form =
                chunks ? encoder.encodeAlways(plain, scratch) : encoder.encode(plain, scratch);
        ByteBuffer bytes = form.bytes();
        boolean namedByPlain = chunks || !form.encoded();
        Digest name =
                namedByPlain && algorithm == content.algorithm()
                        ? content
                        : Digest.of(algorithm, namedByPlain ? plain : bytes);
        return new Encoded(new KnownBlock(content, name, bytes.remaining(), form.encoded()), bytes);
    }

    private record Encoded(KnownBlock block, ByteBuffer bytes) {}

    /** Returns whether a block that the journal calls durable still exists with all its bytes. */
    private boolean isWhole(KnownBlock block, ByteBuffer plain)
            throws IOException, InterruptedException {
        String path = locate(block, plain.remaining()).path();
        return chunks
                ? holdsChunk(path, block, plain)
                : repository.holds(path, block.name(), block.length());
    }

    /** A chunk is named by its plain bytes: these are what is compared. */
    private boolean holdsChunk(String path, KnownBlock block, ByteBuffer plain)
            throws IOException, InterruptedException {
        ByteBuffer stored;
        try {
            stored = repository.read(path, block.length());
        } catch (FetchException.Missing | FetchException.Corrupt _) {
            return false;
        }
        return compute(() -> encoder.decodesTo(stored, plain));
    }

    private StoredBlock locate(KnownBlock block, int plainLength) {
        String codec = block.encoded() ? encoder.codecId() : StoredBlock.PLAIN;
        return index.locate(block.name(), chunks ? plainLength : block.length(), codec);
    }

    private <T> T compute(Computation<T> computation) throws IOException, InterruptedException {
        processors.acquire();
        try {
            return computation.run();
        } finally {
            processors.release();
        }
    }

    /** Work that keeps a processor busy. */
    @FunctionalInterface
    private interface Computation<T> {
        T run() throws IOException;
    }
}
