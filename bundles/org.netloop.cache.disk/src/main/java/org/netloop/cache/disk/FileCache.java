package org.netloop.cache.disk;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;
import org.netloop.api.cache.BlockCache;
import org.netloop.api.cache.CacheStatistics;
import org.netloop.api.message.Failures;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * One file a block, below {@code v1/}. Files are written aside and renamed, so that several
 * processes may share the directory; they are not forced to the medium, as what a power cut garbles
 * is told by its check. Thread-safe.
 */
final class FileCache implements BlockCache, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FileCache.class);
    private static final long WARNING_EVERY_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final long TOUCH_EVERY_MS = TimeUnit.HOURS.toMillis(1);

    /** A put that failed with less space than this failed for want of it. */
    private static final long FULL_BELOW = 4 << 20;

    /** Fraction of itself that a cache gives up when the medium is full. */
    private static final int FULL_SHARE = 8;

    private final CacheDirectory directory;
    private final Space space;
    private final Watermarks watermarks;
    private final LongSupplier nanoClock;
    private final Recency recency;
    private final BufferRecycler buffers = new BufferRecycler();
    private final Evictor evictor;
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final LongAdder evictions = new LongAdder();
    private final LongAdder damaged = new LongAdder();
    private final AtomicLong nextWarning;
    private final AtomicBoolean putFailed = new AtomicBoolean();
    private final Pause pause;

    FileCache(Path base, Watermarks watermarks) throws IOException {
        this(base, watermarks, InstantSource.system(), System::nanoTime);
    }

    /**
     * @param clock times the pauses after a failed put
     * @param nanoClock as {@link System#nanoTime}; times uses, warnings and evictions
     */
    FileCache(Path base, Watermarks watermarks, InstantSource clock, LongSupplier nanoClock)
            throws IOException {
        this.nanoClock = nanoClock;
        this.recency = new Recency(nanoClock);
        this.nextWarning = new AtomicLong(nanoClock.getAsLong());
        this.pause = new Pause(clock);
        this.directory = CacheDirectory.open(base);
        this.space = new Space(Files.getFileStore(directory.root()), nanoClock);
        this.watermarks = watermarks;
        this.evictor = new Evictor(this::scan, this::evictStep);
    }

    /** Begins to look through the directory; look-ups do not wait for it. */
    void start() {
        evictor.start();
    }

    private void scan() throws IOException {
        List<CacheDirectory.Found> found = directory.scan();
        List<Digest> usedMeanwhile = recency.keys();
        found.forEach(file -> recency.add(file.key(), file.size(), file.usedMillis()));
        usedMeanwhile.forEach(recency::used);
    }

    @Override
    public @Nullable Cached get(Digest key) {
        Path file = directory.file(key);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            BufferRecycler.Buffer payload = BlockFile.read(channel, key, buffers);
            if (payload == null) {
                throw new DamagedException();
            }
            hits.increment();
            used(key, file, payload.bytes().limit());
            return new Held(payload, buffers);
        } catch (NoSuchFileException _) {
            recency.remove(key);
        } catch (ClosedByInterruptException _) {
            // The thread stays interrupted, and the file may be well.
        } catch (DamagedException | AccessDeniedException _) {
            drop(key, file, "is damaged and is fetched again");
        } catch (FileSystemException | OutOfMemoryError e) {
            // No descriptor or no direct memory left: the file itself may be well.
            warn(file, "could not be opened: " + e.getMessage());
        } catch (IOException e) {
            // A read error of the medium: the mirror is asked instead.
            drop(key, file, "cannot be read and is dropped: " + e.getMessage());
        }
        misses.increment();
        return null;
    }

    private static final class DamagedException extends IOException {
        private static final long serialVersionUID = 1L;
    }

    private void drop(Digest key, Path file, String why) {
        damaged.increment();
        warn(file, why);
        remove(key);
    }

    /** A medium that fails does so block by block: one line a minute, which says how many. */
    private void warn(Path file, String why) {
        long next = nextWarning.get();
        long now = nanoClock.getAsLong();
        if (now - next >= 0 && nextWarning.compareAndSet(next, now + WARNING_EVERY_NANOS)) {
            LOG.warn("{} {}; {} blocks were dropped up to now", file, why, damaged.sum());
        } else {
            LOG.debug("{} {}", file, why);
        }
    }

    private void used(Digest key, Path file, int size) {
        Recency.Known known = recency.used(key);
        long now = System.currentTimeMillis();
        if (known == null) {
            recency.add(key, size, now);
            touch(file, now);
        } else if (known.needsTouch(now, TOUCH_EVERY_MS)) {
            touch(file, now);
        }
    }

    private static void touch(Path file, long nowMillis) {
        try {
            Files.setLastModifiedTime(file, FileTime.fromMillis(nowMillis));
        } catch (IOException e) {
            // Read-only, or just evicted by another process: only the order of eviction suffers.
            LOG.debug("{} keeps its old time: {}", file, e.toString());
        }
    }

    private static final class Held implements Cached {
        private final BufferRecycler buffers;
        private BufferRecycler.@Nullable Buffer payload;

        private Held(BufferRecycler.Buffer payload, BufferRecycler buffers) {
            this.payload = payload;
            this.buffers = buffers;
        }

        @Override
        public ByteBuffer bytes() {
            if (payload == null) {
                throw new IllegalStateException("the block was closed");
            }
            return payload.bytes().slice().asReadOnlyBuffer();
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
        return recency.knows(key) || Files.isRegularFile(directory.file(key));
    }

    @Override
    public void put(Digest key, ByteBuffer bytes) throws IOException {
        if (bytes.remaining() > BlockFile.MAX_PAYLOAD
                || !bytes.hasRemaining()
                || bytes.remaining() > watermarks.limit(space)
                || pause.isOn()
                || contains(key)) {
            return;
        }
        int size = bytes.remaining() + BlockFile.HEADER_LENGTH;
        try {
            directory.write(key, bytes);
        } catch (ClosedByInterruptException e) {
            throw e;
        } catch (IOException e) {
            // Each read would fail on a full or read-only disk; room is made meanwhile.
            pause.begin();
            putFailed.set(true);
            evictor.wake();
            throw e;
        }
        pause.reset();
        recency.add(key, size, System.currentTimeMillis());
        if (watermarks.budget() == 0 || recency.bytes() > watermarks.limit(space)) {
            evictor.wake();
        }
    }

    @Override
    public void remove(Digest key) {
        recency.remove(key);
        try {
            directory.delete(key);
        } catch (IOException e) {
            LOG.warn("{} cannot be deleted: {}", directory.file(key), Failures.sentence(e));
        }
    }

    /** Evicts from the high watermark down to the low one; false when there is no need. */
    private boolean evictStep(int count) throws IOException {
        long excess = excess();
        if (excess <= 0) {
            return false;
        }
        space.evicting(recency.bytes());
        while (excess > 0 && !Thread.currentThread().isInterrupted()) {
            List<Digest> coldest = recency.coldest(count);
            if (coldest.isEmpty()) {
                return false;
            }
            for (int i = 0; i < coldest.size() && excess > 0; i++) {
                excess -= evict(coldest.get(i));
            }
        }
        return true;
    }

    private long excess() throws IOException {
        long bytes = recency.bytes();
        long excess = watermarks.excess(bytes, space);
        if (putFailed.getAndSet(false) && space.usable() < FULL_BELOW) {
            // The medium is full, and the cache has not even come to its high watermark.
            return Math.max(excess, bytes / FULL_SHARE);
        }
        return excess;
    }

    private long evict(Digest key) throws IOException {
        int size = recency.remove(key);
        directory.delete(key);
        evictions.increment();
        return size;
    }

    /** Returns when nothing is left to evict. */
    void settle() throws InterruptedException {
        evictor.settle();
    }

    @Override
    public CacheStatistics statistics() {
        long limit;
        try {
            limit = watermarks.limit(space);
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
        buffers.close();
    }
}
