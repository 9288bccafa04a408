package org.netloop.engine.read;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.index.Delta;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchPurpose;
import org.netloop.engine.fetch.Check;
import org.netloop.engine.fetch.Errand;
import org.netloop.engine.fetch.Stage;
import org.netloop.engine.fetch.Wanted;
import org.netloop.engine.lease.BackendException;
import org.netloop.engine.retry.Deadline;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs of deltas that were fetched last. Deltas are small: neighbours come by one request, which
 * all who want one of them wait for. Each delta is verified before it is given out, as its
 * neighbours were not when the run came. Thread-safe.
 */
final class DeltaRuns {
    /** Length of a usual run: of one delta, or of several that are about as long together. */
    static final int USUAL = 64 << 10;

    /** Most runs of one block that are fetched at a time. */
    private static final int SIDE_BY_SIDE = 8;

    /** Most bytes that are kept, of all runs of a volume. */
    private static final int MOST_KEPT = 4 << 20;

    /** Heap for all runs that are under way: some 250 usual ones. */
    private static final RebuildMemory UNDER_WAY = new RebuildMemory(16 << 20);

    /** Range of an object that is fetched at once. */
    record Place(String path, Delta.Run run) {
        static Place of(Delta delta) {
            return new Place(delta.stored().path(), delta.run());
        }
    }

    /** Least recently used first; guarded by itself. */
    private final Map<Place, CompletableFuture<@Nullable ByteBuffer>> runs =
            new LinkedHashMap<>(16, 0.75f, true);

    /** Returns whether there can be room for the run of a delta. */
    boolean hold(Delta delta) {
        return UNDER_WAY.holds(delta.run().length());
    }

    /**
     * Returns the verified bytes of a delta; null if there is no room for its run.
     *
     * @param fetcher brings a run that is not there
     */
    @Nullable ByteBuffer get(Delta delta, FetchPurpose purpose, Deadline deadline, Stage fetcher)
            throws FetchException, BackendException, InterruptedException {
        Place place = Place.of(delta);
        CompletableFuture<@Nullable ByteBuffer> mine = new CompletableFuture<>();
        CompletableFuture<@Nullable ByteBuffer> other;
        synchronized (runs) {
            other = runs.putIfAbsent(place, mine);
            trim();
        }
        if (other != null) {
            ByteBuffer run = await(other, delta, deadline);
            if (run == null || holds(run, delta)) {
                return run == null ? null : part(delta, run);
            }
            // It was fetched for a neighbour: another mirror may have this delta whole.
            synchronized (runs) {
                runs.put(place, mine);
            }
        }
        ByteBuffer run = null;
        try {
            run = fetchIfThereIsRoom(delta, purpose, deadline, fetcher);
            if (run == null) {
                remove(place, mine);
            }
            mine.complete(run);
        } finally {
            if (run == null) {
                forget(place, mine);
            }
        }
        return run == null ? null : part(delta, run);
    }

    /** Returns whether a run is there or under way. */
    boolean has(Place place) {
        synchronized (runs) {
            return runs.containsKey(place);
        }
    }

    /**
     * Has the runs of several deltas fetched side by side. What does not come is fetched, or fails,
     * when its delta is wanted.
     */
    void fetch(Collection<Delta> deltas, FetchPurpose purpose, Deadline deadline, Stage fetcher)
            throws InterruptedException {
        Map<Place, Callable<Place>> missing = new LinkedHashMap<>();
        for (Delta delta : deltas) {
            Place place = Place.of(delta);
            if (!has(place)) {
                missing.put(
                        place,
                        () -> {
                            get(delta, purpose, deadline, fetcher);
                            return place;
                        });
            }
        }
        if (missing.size() > 1) {
            try (ExecutorService threads =
                    Executors.newFixedThreadPool(SIDE_BY_SIDE, Thread.ofVirtual().factory())) {
                threads.invokeAll(missing.values());
            }
        }
    }

    /** Forgets the eldest until the others are within the bound. Guarded by the caller. */
    private void trim() {
        long kept = runs.keySet().stream().mapToLong(DeltaRuns::counted).sum();
        Iterator<Place> eldest = runs.keySet().iterator();
        while (kept > MOST_KEPT) {
            kept -= counted(eldest.next());
            eldest.remove();
        }
    }

    /** Returns the bytes that a run counts as: there are few of them, however short they are. */
    private static int counted(Place place) {
        return Math.max(USUAL, place.run().length());
    }

    private void remove(Place place, CompletableFuture<@Nullable ByteBuffer> run) {
        synchronized (runs) {
            runs.remove(place, run);
        }
    }

    private void forget(Place place, CompletableFuture<@Nullable ByteBuffer> failed) {
        remove(place, failed);
        failed.completeExceptionally(
                new FetchException.Unavailable("the deltas beside it did not come", null));
    }

    private static @Nullable ByteBuffer await(
            CompletableFuture<@Nullable ByteBuffer> run, Delta delta, Deadline deadline)
            throws FetchException, InterruptedException {
        try {
            return run.get(Math.max(0, deadline.left().toNanos()), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new FetchException.Unavailable(
                    name(delta.stored()) + " did not come with its neighbours", e);
        }
    }

    private static @Nullable ByteBuffer fetchIfThereIsRoom(
            Delta delta, FetchPurpose purpose, Deadline deadline, Stage fetcher)
            throws FetchException, BackendException, InterruptedException {
        int length = delta.run().length();
        if (!UNDER_WAY.tryTake(length, Duration.ZERO)) {
            return null;
        }
        try {
            return fetch(delta, purpose, deadline, fetcher);
        } finally {
            UNDER_WAY.giveBack(length);
        }
    }

    private static ByteBuffer fetch(
            Delta delta, FetchPurpose purpose, Deadline deadline, Stage fetcher)
            throws FetchException, BackendException, InterruptedException {
        Delta.Run run = delta.run();
        Wanted wanted = new Wanted(delta.stored().path(), run.position(), run.length(), purpose);
        ByteBuffer into = ByteBuffer.allocate(run.length());
        Check check =
                (bytes, _, _) -> {
                    if (!holds(bytes.slice(), delta)) {
                        throw new FetchException.Corrupt(
                                name(delta.stored()) + " has other bytes than its digest says");
                    }
                };
        fetcher.fetch(new Errand(name(delta.stored()), wanted, into, check, deadline));
        return into.flip().asReadOnlyBuffer();
    }

    /** Returns the name of a delta in messages. */
    private static String name(StoredBlock delta) {
        return "delta " + delta.key().brief();
    }

    private static boolean holds(ByteBuffer run, Delta delta) {
        return run.remaining() == delta.run().length()
                && delta.stored().key().matches(part(delta, run));
    }

    /** Returns a delta's part of its run. */
    private static ByteBuffer part(Delta delta, ByteBuffer run) {
        int from = (int) (delta.stored().position() - delta.run().position());
        return run.slice(run.position() + from, delta.stored().length());
    }
}
