package org.netloop.tck;

import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.index.ObjectReader;
import org.netloop.api.index.ObjectVersion;
import org.netloop.api.transport.FetchException;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One file, and perhaps blocks beside it, as an {@link ObjectReader} gives it; keeps a journal of
 * what was read of it. Called by many threads at once.
 */
public final class MemoryFile implements ObjectReader {
    private static final AtomicLong COUNT = new AtomicLong();

    private final ByteBuffer bytes;
    private final MemoryRepository.BeforeRead before;
    private final ObjectVersion version;
    private final Beside beside;
    private final Queue<Range> reads = new ConcurrentLinkedQueue<>();

    /**
     * A range that was read.
     *
     * @param position where it begins
     * @param length how many bytes it gave
     */
    public record Range(long position, int length) {}

    /** Reads a block that lies beside the file, as {@link ObjectReader} says. */
    @FunctionalInterface
    public interface Beside {
        /** Returns the plain bytes. */
        ByteBuffer read(StoredBlock block, int maxPlainLength) throws FetchException;
    }

    /** Creates a file of these bytes, which are not copied. */
    public MemoryFile(byte[] bytes) {
        this(bytes, _ -> {});
    }

    /**
     * Creates a file like {@link #MemoryFile(byte[])}, calling {@code before} each time it is read.
     */
    public MemoryFile(byte[] bytes, MemoryRepository.BeforeRead before) {
        this(
                bytes,
                before,
                (block, _) -> {
                    throw new FetchException.Missing(
                            "there is no " + block.path() + " beside the file in memory");
                });
    }

    /**
     * Creates a file like {@link #MemoryFile(byte[], MemoryRepository.BeforeRead)}, with blocks
     * beside the file.
     */
    public MemoryFile(byte[] bytes, MemoryRepository.BeforeRead before, Beside beside) {
        this.beside = beside;
        this.bytes = ByteBuffer.wrap(bytes).asReadOnlyBuffer();
        this.before = before;
        ByteBuffer number = ByteBuffer.allocate(Long.BYTES).putLong(0, COUNT.incrementAndGet());
        this.version =
                new ObjectVersion(
                        "", bytes.length, "\"1\"", Digest.of(DigestAlgorithm.SHA256, number));
    }

    /** Returns the file's bytes: a view, read-only. */
    public ByteBuffer bytes() {
        return bytes.duplicate();
    }

    /** Returns the ranges read, in order. A copy. */
    public List<Range> reads() {
        return List.copyOf(reads);
    }

    /** Forgets what was read so far. */
    public void forgetReads() {
        reads.clear();
    }

    private static void check(String path) throws FetchException {
        if (!path.isEmpty()) {
            throw new FetchException.Missing("there is no " + path + " beside the file in memory");
        }
    }

    @Override
    public ObjectVersion version(String path) throws FetchException {
        check(path);
        return version;
    }

    @Override
    public ByteBuffer read(String path, int maxLength) throws FetchException, InterruptedException {
        if (bytes.limit() > maxLength) {
            throw new FetchException.Corrupt(
                    "the file has " + bytes.limit() + " bytes, more than " + maxLength);
        }
        return read(path, 0, bytes.limit());
    }

    @Override
    public ByteBuffer readRoot(String path, int maxLength, Age age)
            throws FetchException, InterruptedException {
        ByteBuffer root = read(path, maxLength);
        age.of(root.duplicate());
        return root;
    }

    @Override
    public ByteBuffer read(String path, long position, int length)
            throws FetchException, InterruptedException {
        check(path);
        before.reading(path);
        if (position < 0 || length < 1) {
            throw new IllegalArgumentException("read of " + length + " bytes at " + position);
        }
        int from = (int) Math.min(position, bytes.limit());
        int count = Math.min(length, bytes.limit() - from);
        reads.add(new Range(position, count));
        return bytes.slice(from, count);
    }

    @Override
    public ByteBuffer read(StoredBlock object, int maxPlainLength) throws FetchException {
        return beside.read(object, maxPlainLength);
    }
}
