package org.netloop.api.index;

import org.jspecify.annotations.Nullable;
import org.netloop.api.transport.FetchException;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;

/**
 * Cache of the decoded parts of one map, bounded in number and memory. A part is loaded once,
 * however many readers ask for it at the same time; a failure is not remembered. An index gets one
 * from its {@link ObjectReader}, which counts the memory of all maps together. Thread-safe.
 *
 * @param <P> a decoded part; immutable, as many threads get the same one
 */
public final class Parts<P> {
    /** Most memory of the parts of one map, in bytes. */
    private static final long MOST_BYTES = 32 << 20;

    private static final int MOST = 1024;

    /** Number of parts that a map keeps whatever other maps take. */
    private static final int LEAST = 2;

    private final int partBytes;
    private final int most;
    private final Loader<P> loader;
    private final Memory memory;
    private final ConcurrentMap<Long, CompletableFuture<P>> flights = new ConcurrentHashMap<>();

    /** Sorted by number. Replaced as a whole under the monitor, read without it. */
    private volatile List<Loaded<P>> loaded = List.of();

    /** Place in the list where the search for a part to drop goes on; under the monitor. */
    private int hand;

    /** Loads a part of a map. */
    @FunctionalInterface
    public interface Loader<P> {
        /**
         * Reads and decodes a part, on a thread of its own: a reader that is interrupted while it
         * waits does not interrupt the loading.
         *
         * @param number the part, as the index numbers them; at least 0
         * @throws FetchException if it cannot be read, or is malformed
         */
        P load(long number) throws FetchException, InterruptedException;
    }

    /** Order of the parts of a map whose numbers do not follow from an offset. */
    @FunctionalInterface
    public interface Order<P> {
        /**
         * Compares a part with a key: less than 0 if the part comes before it, greater than 0 if it
         * comes after it, 0 if the part holds it. Parts are in the order of their numbers.
         */
        int compare(P part, long key);
    }

    /** Memory that the parts of several maps share. */
    @FunctionalInterface
    public interface Memory {
        /** Reports that a map has one part more; may drop parts of this map or others. */
        void grown();
    }

    private static final class Loaded<P> {
        final long number;
        final P part;

        /** Set if the part was used since the hand passed; unordered, because a guess suffices. */
        boolean used;

        Loaded(long number, P part) {
            this.number = number;
            this.part = part;
        }
    }

    /**
     * Makes an empty cache; for providers of {@link ObjectReader#parts}.
     *
     * @param partBytes most memory that one decoded part takes, in bytes; at least 1
     * @param memory called after each part that is kept, without a lock
     */
    public Parts(int partBytes, Loader<P> loader, Memory memory) {
        if (partBytes < 1) {
            throw new IllegalArgumentException("a part of a map takes " + partBytes + " bytes");
        }
        this.partBytes = partBytes;
        this.most = Math.clamp(MOST_BYTES / partBytes, LEAST, MOST);
        this.loader = loader;
        this.memory = memory;
    }

    /** Returns the part of that number; null if it has to be loaded. Allocates nothing. */
    public @Nullable P ifLoaded(long number) {
        List<Loaded<P>> now = loaded;
        int place = find(now, number);
        return place < 0 ? null : use(now.get(place));
    }

    /**
     * Returns the loaded part that holds a key; null if there is none. Allocates nothing.
     *
     * @param order compares a part with the key
     */
    public @Nullable P ifLoaded(long key, Order<? super P> order) {
        List<Loaded<P>> now = loaded;
        int low = 0;
        int high = now.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            Loaded<P> one = now.get(middle);
            int side = order.compare(one.part, key);
            if (side == 0) {
                return use(one);
            }
            if (side < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return null;
    }

    /**
     * Returns the part of that number, and loads it if need be.
     *
     * @throws FetchException if it cannot be loaded
     */
    public P get(long number) throws FetchException, InterruptedException {
        P part = ifLoaded(number);
        if (part != null) {
            return part;
        }
        try {
            return flight(number).get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof FetchException failure) {
                throw failure;
            }
            throw new FetchException.Unavailable(
                    "part " + number + " of the map cannot be loaded: " + e.getCause(), e);
        }
    }

    /** Returns the memory of the parts that are kept, in bytes: an upper bound. */
    public long bytes() {
        return (long) loaded.size() * partBytes;
    }

    /**
     * Drops a part that was not asked for lately.
     *
     * @return false if there are no more parts than a map always keeps
     */
    public synchronized boolean dropOne() {
        if (loaded.size() <= LEAST) {
            return false;
        }
        List<Loaded<P>> next = new ArrayList<>(loaded);
        removeOne(next);
        loaded = List.copyOf(next);
        return true;
    }

    private static <P> int find(List<Loaded<P>> sorted, long number) {
        int low = 0;
        int high = sorted.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            long found = sorted.get(middle).number;
            if (found == number) {
                return middle;
            }
            if (found < number) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -low - 1;
    }

    private P use(Loaded<P> one) {
        if (!one.used) {
            one.used = true;
        }
        return one.part;
    }

    /**
     * Loads a part on a thread of its own, because a waiting reader may be interrupted while others
     * still want the part.
     */
    private CompletableFuture<P> flight(long number) {
        CompletableFuture<P> mine = new CompletableFuture<>();
        CompletableFuture<P> other = flights.putIfAbsent(number, mine);
        if (other != null) {
            return other;
        }
        Thread.ofVirtual().name("map-part-" + number).start(() -> fly(number, mine));
        return mine;
    }

    /** A flight leaves the map before it ends: what failed is asked for again by the next. */
    private void fly(long number, CompletableFuture<P> flight) {
        try {
            P part = ifLoaded(number); // by a flight that just ended
            if (part == null) {
                part = loader.load(number);
                keep(number, part);
                memory.grown();
            }
            flights.remove(number);
            flight.complete(part);
        } catch (Throwable e) { // whatever a loader throws, nobody waits for ever
            flights.remove(number);
            flight.completeExceptionally(e);
        }
    }

    private synchronized void keep(long number, P part) {
        List<Loaded<P>> next = new ArrayList<>(loaded);
        if (next.size() >= most) {
            removeOne(next);
        }
        int place = find(next, number);
        if (place < 0) {
            next.add(-place - 1, new Loaded<>(number, part));
        }
        loaded = List.copyOf(next);
    }

    /** Removes the first from the hand on that was not used since the hand passed it. */
    private void removeOne(List<Loaded<P>> next) {
        while (true) {
            hand = hand < next.size() ? hand : 0;
            Loaded<P> candidate = next.get(hand);
            if (!candidate.used) {
                next.remove(hand);
                return;
            }
            candidate.used = false;
            hand++;
        }
    }
}
