package org.netloop.cache.disk;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;
import org.netloop.api.cache.BlockCache;
import org.netloop.api.cache.CacheStatistics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * One file a block, below {@code v1/}. Files are written aside and renamed, so that several
 * processes may share the directory; they are not forced to the medium, as what a power cut garbles
 * is told by its check. Thread-safe.
 */
final class FileCache implements BlockCache, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FileCache.class);
    private static final long TOUCH_EVERY_MS = TimeUnit.HOURS.toMillis(1);
    private static final long PAUSE_WHEN_FULL_MS = 5_000;
    private static final AtomicLong NEXT = new AtomicLong();

    private final CacheDirectory directory;
    private final FileStore store;
    private final Recency recency = new Recency();
    private final BufferRecycler buffers = new BufferRecycler();
    private final Evictor evictor;
    private final Set<Path> knownDirectories = ConcurrentHashMap.newKeySet();
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final LongAdder evictions = new LongAdder();
    private final LongAdder damaged = new LongAdder();
    private volatile Watermarks watermarks;
    private volatile long pausedUntilMillis;

    FileCache(Path base, Watermarks watermarks) throws IOException {
        this.directory = CacheDirectory.open(base);
        this.store = Files.getFileStore(directory.root());
        this.watermarks = watermarks;
        this.evictor = new Evictor(this::scan, this::evictStep);
    }

    /** Begins to look through the directory; look-ups do not wait for it. */
    void start() {
        evictor.start();
    }

    void watermarks(Watermarks next) {
        watermarks = next;
        evictor.wake();
    }

    private void scan() throws IOException {
        directory.scan(recency::add);
    }

    @Override
    public @Nullable Cached get(Digest key) {
        Path file = directory.file(key);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer payload = BlockFile.read(channel, key, buffers);
            if (payload == null) {
                throw new DamagedException();
            }
            hits.increment();
            used(key, file, payload.limit());
            return new Held(payload, buffers);
        } catch (NoSuchFileException _) {
            recency.remove(key);
        } catch (ClosedByInterruptException _) {
            Thread.currentThread().interrupt();
        } catch (DamagedException | FileSystemException e) {
            drop(key, file);
        } catch (IOException e) {
            // A read error of the medium: the mirror is asked instead.
            LOG.warn("{} cannot be read and is dropped: {}", file, e.getMessage());
            drop(key, file);
        }
        misses.increment();
        return null;
    }

    private static final class DamagedException extends IOException {
        private static final long serialVersionUID = 1L;
    }

    private void drop(Digest key, Path file) {
        damaged.increment();
        LOG.warn("{} is damaged and is fetched anew", file);
        remove(key);
    }

    private void used(Digest key, Path file, int size) throws IOException {
        Recency.Known known = recency.used(key);
        long now = System.currentTimeMillis();
        if (known == null) {
            recency.add(key, size, now);
        } else if (known.needsTouch(now, TOUCH_EVERY_MS)) {
            Files.setLastModifiedTime(file, FileTime.fromMillis(now));
        }
    }

    private static final class Held implements Cached {
        private final BufferRecycler buffers;
        private @Nullable ByteBuffer payload;

        private Held(ByteBuffer payload, BufferRecycler buffers) {
            this.payload = payload;
            this.buffers = buffers;
        }

        @Override
        public ByteBuffer bytes() {
            if (payload == null) {
                throw new IllegalStateException("the block was closed");
            }
            return payload.slice().asReadOnlyBuffer();
        }

        @Override
        public void close() {
            if (payload != null) {
                buffers.give(payload);
                payload = null;
            }
        }
    }

    @Override
    public boolean contains(Digest key) {
        return recency.used(key) != null || Files.isRegularFile(directory.file(key));
    }

    @Override
    public void put(Digest key, ByteBuffer bytes) throws IOException {
        if (bytes.remaining() > BlockFile.MAX_PAYLOAD
                || !bytes.hasRemaining()
                || bytes.remaining() > watermarks.limit(store)
                || System.currentTimeMillis() < pausedUntilMillis
                || contains(key)) {
            return;
        }
        int size = bytes.remaining() + BlockFile.HEADER_LENGTH;
        try {
            write(key, bytes);
        } catch (IOException e) {
            // Each read would fail on a full disk; room is made meanwhile.
            pausedUntilMillis = System.currentTimeMillis() + PAUSE_WHEN_FULL_MS;
            evictor.wake();
            throw e;
        }
        recency.add(key, size, System.currentTimeMillis());
        if (watermarks.budget() == 0 || recency.bytes() > watermarks.limit(store)) {
            evictor.wake();
        }
    }

    private void write(Digest key, ByteBuffer bytes) throws IOException {
        Path part =
                directory
                        .aside()
                        .resolve(ProcessHandle.current().pid() + "-" + NEXT.incrementAndGet());
        try {
            try (FileChannel file =
                    FileChannel.open(
                            part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                BlockFile.write(file, key, bytes);
            }
            Path target = directory.file(key);
            Path parent = target.resolveSibling("");
            if (knownDirectories.add(parent)) {
                Files.createDirectories(parent);
            }
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            Files.deleteIfExists(part);
            throw e;
        }
    }

    @Override
    public void remove(Digest key) {
        recency.remove(key);
        try {
            directory.delete(key);
        } catch (IOException e) {
            LOG.warn("{} cannot be deleted: {}", directory.file(key), e.getMessage());
        }
    }

    /** Evicts some of the coldest blocks; false when there is no need. */
    private boolean evictStep(int count) throws IOException {
        long excess = watermarks.excess(recency.bytes(), store);
        if (excess <= 0) {
            return false;
        }
        // From the high watermark down to the low one in one go, so that it is not here again at
        // once.
        while (excess > 0) {
            boolean any = false;
            for (Digest key : recency.coldest(count)) {
                Recency.Known known = recency.used(key);
                any = true;
                excess -= known == null ? 0 : known.size();
                remove(key);
                evictions.increment();
                if (excess <= 0) {
                    break;
                }
            }
            if (!any) {
                return false;
            }
        }
        return true;
    }

    /** Returns when nothing is left to evict. */
    void settle() throws InterruptedException {
        evictor.settle();
    }

    @Override
    public CacheStatistics statistics() {
        long limit;
        try {
            limit = watermarks.limit(store);
        } catch (IOException _) {
            limit = watermarks.budget();
        }
        return new CacheStatistics(
                recency.entries(),
                recency.bytes(),
                limit,
                hits.sum(),
                misses.sum(),
                evictions.sum(),
                damaged.sum());
    }

    @Override
    public void close() {
        evictor.close();
    }
}
