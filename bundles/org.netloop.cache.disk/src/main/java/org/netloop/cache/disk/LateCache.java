package org.netloop.cache.disk;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;
import org.netloop.api.cache.BlockCache;
import org.netloop.api.cache.CacheStatistics;
import org.netloop.api.message.Failures;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;

/**
 * A cache whose directory may not be usable yet: it is on a file system that is read-only or not
 * mounted, or others may write to it. Until it is, the cache is empty and keeps nothing; it is
 * tried again beside, less and less often. One line is logged when it cannot be used, and one when
 * it can again. Thread-safe.
 */
final class LateCache implements BlockCache, Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(LateCache.class);
    private static final CacheStatistics NOTHING = new CacheStatistics(0, 0, 0, 0, 0, 0, 0);

    /** Time for an opening that is told to give up. */
    private static final long LONGEST_OPENING_MILLIS = 10_000;

    private final Path directory;
    private final Opening opening;
    private final Waiting waiting;
    private final Pause pause;
    private final Thread retries =
            Thread.ofPlatform().daemon().name("netloop-cache-opening").unstarted(this::retry);
    private volatile @Nullable FileCache cache;
    private boolean closed;

    /** Opens the cache. */
    @FunctionalInterface
    interface Opening {
        /** Opens it; called again after a failure. */
        FileCache open() throws IOException;
    }

    /** Waits. */
    @FunctionalInterface
    interface Waiting {
        /** Waits that long. */
        void await(Duration pause) throws InterruptedException;
    }

    LateCache(Path directory, Opening opening) {
        this(directory, opening, InstantSource.system(), Thread::sleep);
    }

    LateCache(Path directory, Opening opening, InstantSource clock, Waiting waiting) {
        this.directory = directory;
        this.opening = opening;
        this.waiting = waiting;
        this.pause = new Pause(clock);
    }

    /** Returns whether the cache is open. */
    boolean isOpen() {
        return cache != null;
    }

    /** Opens the cache now, or from time to time until it can be opened. */
    void start() {
        try {
            open();
        } catch (IOException | RuntimeException e) {
            LOG.warn(
                    "nothing is kept on disk, because the cache {} cannot be used: {}; it is tried again"
                            + " from time to time",
                    directory,
                    Failures.sentence(e));
            retries.start();
        }
    }

    private void open() throws IOException {
        FileCache opened = opening.open();
        if (take(opened)) {
            opened.start();
        } else {
            opened.close();
        }
    }

    private synchronized boolean take(FileCache opened) {
        if (!closed) {
            cache = opened;
        }
        return !closed;
    }

    private void retry() {
        try {
            while (true) {
                waiting.await(pause.begin());
                if (isOpenNow()) {
                    LOG.info("the cache {} can be used from now on", directory);
                    return;
                }
            }
        } catch (InterruptedException _) {
            LOG.debug("the cache {} is closed before it was opened", directory);
        }
    }

    private boolean isOpenNow() {
        try {
            open();
            return true;
        } catch (IOException | RuntimeException e) {
            LOG.debug("the cache {} still cannot be used: {}", directory, e.toString());
            return false;
        }
    }

    /** Returns when it is open, or was closed; for tests. */
    void awaitOpen() throws InterruptedException {
        retries.join();
    }

    @Override
    public @Nullable Cached get(Digest key) {
        FileCache opened = cache;
        return opened == null ? null : opened.get(key);
    }

    @Override
    public boolean contains(Digest key) {
        FileCache opened = cache;
        return opened != null && opened.contains(key);
    }

    @Override
    public void put(Digest key, ByteBuffer bytes) throws IOException {
        FileCache opened = cache;
        if (opened != null) {
            opened.put(key, bytes);
        }
    }

    @Override
    public void remove(Digest key) {
        FileCache opened = cache;
        if (opened != null) {
            opened.remove(key);
        }
    }

    @Override
    public CacheStatistics statistics() {
        FileCache opened = cache;
        return opened == null ? NOTHING : opened.statistics();
    }

    /** Returns when nothing is being opened any more, or a dead disk takes too long. */
    private void awaitRetries() {
        try {
            retries.join(LONGEST_OPENING_MILLIS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        FileCache opened;
        synchronized (this) {
            closed = true;
            opened = cache;
        }
        retries.interrupt();
        awaitRetries();
        if (opened != null) {
            opened.close();
        }
    }
}
