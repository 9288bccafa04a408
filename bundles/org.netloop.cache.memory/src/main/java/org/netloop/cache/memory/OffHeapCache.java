package org.netloop.cache.memory;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;
import org.netloop.api.cache.BlockCache;
import org.netloop.api.cache.CacheStatistics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/**
 * Blocks outside of the heap, within a hard budget of bytes. Eviction is Caffeine's (W-TinyLFU);
 * readers keep what they hold. Thread-safe; a look-up takes no lock.
 */
final class OffHeapCache implements BlockCache {
    private static final Logger LOG = LoggerFactory.getLogger(OffHeapCache.class);

    /** Room that readers may hold in evicted entries, so that a put usually finds some. */
    private static final int SPARE_SHARE = 16;

    /** The largest size class that an int can count. */
    private static final int LARGEST = 1 << 30;

    private static final int ATTEMPTS = 4;
    private static final int EVICTED_AT_ONCE = 8;

    private final Slots slots;
    private final Cache<Digest, Entry> entries;
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final LongAdder evictions = new LongAdder();
    private final AtomicBoolean outOfMemoryTold = new AtomicBoolean();
    private volatile long budget;

    OffHeapCache(long budget) {
        this.budget = budget;
        slots = new Slots(budget);
        entries =
                Caffeine.newBuilder()
                        .maximumWeight(entriesBudget(budget))
                        .weigher((Digest _, Entry entry) -> entry.weight())
                        .removalListener(this::removed)
                        .executor(Runnable::run)
                        .build();
    }

    private static long entriesBudget(long budget) {
        return Math.max(1, budget - budget / SPARE_SHARE);
    }

    private void removed(@Nullable Digest key, @Nullable Entry entry, RemovalCause cause) {
        if (entry != null) {
            entry.evict();
            if (cause.wasEvicted()) {
                evictions.increment();
            }
        }
    }

    /** Takes effect at once; a smaller budget evicts. */
    void budget(long bytes) {
        budget = bytes;
        entries.policy().eviction().orElseThrow().setMaximum(entriesBudget(bytes));
        entries.cleanUp();
        slots.budget(bytes).forEach(this::evict);
    }

    @Override
    public @Nullable Cached get(Digest key) {
        Entry entry = entries.getIfPresent(key);
        if (entry == null || !entry.enter()) {
            misses.increment();
            return null;
        }
        hits.increment();
        return new Held(entry);
    }

    private static final class Held implements Cached {
        private final Entry entry;
        private boolean closed;

        private Held(Entry entry) {
            this.entry = entry;
        }

        @Override
        public ByteBuffer bytes() {
            if (closed) {
                throw new IllegalStateException("the block was closed");
            }
            return entry.view();
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                entry.leave();
            }
        }
    }

    @Override
    public boolean contains(Digest key) {
        return entries.asMap().containsKey(key);
    }

    @Override
    public void put(Digest key, ByteBuffer bytes) {
        if (bytes.remaining() > LARGEST
                || Slots.slotSize(bytes.remaining()) > entriesBudget(budget)
                || contains(key)) {
            return;
        }
        Slots.Slot slot = slot(key, bytes.remaining());
        if (slot == null) {
            return;
        }
        Entry entry = new Entry(slots, slot, bytes);
        if (entries.asMap().putIfAbsent(key, entry) != null) {
            entry.evict();
        }
    }

    private Slots.@Nullable Slot slot(Digest key, int length) {
        try {
            Slots.Slot slot = slots.take(key, length);
            for (int attempt = 1; slot == null && attempt < ATTEMPTS; attempt++) {
                makeRoom(length, attempt > 1);
                slot = slots.take(key, length);
            }
            return slot;
        } catch (OutOfMemoryError e) {
            outOfMemory(e);
            return null;
        }
    }

    /**
     * Asking again would take half a second each time: what there is, is the budget from now on.
     */
    private void outOfMemory(OutOfMemoryError e) {
        long given = slots.taken();
        if (outOfMemoryTold.compareAndSet(false, true)) {
            LOG.warn(
                    "the system gives {} of the cache's budget of {} bytes: lower the budget, or"
                            + " raise -XX:MaxDirectMemorySize",
                    given,
                    budget,
                    e);
        }
        budget(given);
    }

    /**
     * The coldest entries make place; and their neighbours too, where slabs of another size class
     * fill the budget.
     */
    private void makeRoom(int length, boolean wholeSlabs) {
        entries.cleanUp();
        Map<Digest, Entry> coldest =
                entries.policy().eviction().orElseThrow().coldest(EVICTED_AT_ONCE);
        if (wholeSlabs) {
            List<Slots.Slot> cold = coldest.values().stream().map(Entry::slot).toList();
            slots.neighbours(cold, length).forEach(this::evict);
        } else {
            coldest.keySet().forEach(this::evict);
        }
    }

    private void evict(Digest key) {
        if (entries.asMap().remove(key) != null) {
            evictions.increment();
        }
    }

    @Override
    public void remove(Digest key) {
        entries.invalidate(key);
    }

    @Override
    public CacheStatistics statistics() {
        long bytes = entries.policy().eviction().orElseThrow().weightedSize().orElse(0);
        return new CacheStatistics(
                entries.estimatedSize(),
                bytes,
                budget,
                hits.sum(),
                misses.sum(),
                evictions.sum(),
                0);
    }

    /** Drops everything, and keeps nothing from now on; memory goes back as readers leave. */
    void close() {
        budget(0);
        entries.invalidateAll();
    }
}
