package org.netloop.format.caibx;

import org.jspecify.annotations.Nullable;
import org.netloop.api.transport.FetchException;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The parts of a map that were asked for last, found by the offsets they hold. A part is read once,
 * whoever and however many ask for it; what failed is not remembered. Thread-safe.
 */
final class Parts {
    private final int most;
    private final Loader loader;
    private final AtomicLong uses = new AtomicLong();
    private final ConcurrentMap<Integer, CompletableFuture<Part>> flights =
            new ConcurrentHashMap<>();

    /** In the order of their offsets; replaced as a whole under the monitor, read without it. */
    private volatile Part[] loaded = new Part[0];

    /** Reads a part. */
    @FunctionalInterface
    interface Loader {
        Part load(int number) throws FetchException, InterruptedException;
    }

    /**
     * @param most how many are kept
     */
    Parts(int most, Loader loader) {
        this.most = most;
        this.loader = loader;
    }

    /** The part that holds the byte at an offset; null if it has to be read. */
    @Nullable Part ifLoaded(long offset) {
        Part[] now = loaded;
        int low = 0;
        int high = now.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            Part part = now[middle];
            if (part.contains(offset)) {
                part.use(uses.incrementAndGet());
                return part;
            }
            if (part.offset() > offset) {
                high = middle - 1;
            } else {
                low = middle + 1;
            }
        }
        return null;
    }

    /** The part of that number, read now unless somebody is already reading it. */
    Part read(int number) throws FetchException, InterruptedException {
        try {
            return flight(number).get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof FetchException failure) {
                throw failure;
            }
            throw new FetchException.Unavailable(
                    "part " + number + " of the map cannot be had: " + e.getCause(), e);
        }
    }

    /** On a thread of its own, as whoever waits may be interrupted and the others still want it. */
    private CompletableFuture<Part> flight(int number) {
        CompletableFuture<Part> mine = new CompletableFuture<>();
        CompletableFuture<Part> other = flights.putIfAbsent(number, mine);
        if (other != null) {
            return other;
        }
        Thread.ofVirtual().name("caibx-part-" + number).start(() -> fly(number, mine));
        return mine;
    }

    /** A flight leaves the map before it ends: what failed is asked for again by the next. */
    private void fly(int number, CompletableFuture<Part> flight) {
        try {
            Part part = ifLoadedAs(number); // by a flight that just ended
            if (part == null) {
                part = loader.load(number);
                keep(part);
            }
            flights.remove(number);
            flight.complete(part);
        } catch (Throwable e) { // whatever a reader throws, nobody waits for ever
            flights.remove(number);
            flight.completeExceptionally(e);
        }
    }

    private @Nullable Part ifLoadedAs(int number) {
        for (Part part : loaded) {
            if (part.number() == number) {
                return part;
            }
        }
        return null;
    }

    /** Makes room for it, among parts that do not overlap, whatever a hostile map says. */
    private synchronized void keep(Part part) {
        part.use(uses.incrementAndGet());
        List<Part> next = new ArrayList<>(most);
        for (Part other : loaded) {
            if (other.end() <= part.offset() || other.offset() >= part.end()) {
                next.add(other);
            }
        }
        if (next.size() >= most) {
            next.remove(Collections.min(next, Comparator.comparingLong(Part::lastUse)));
        }
        next.add(part);
        next.sort(Comparator.comparingLong(Part::offset));
        loaded = next.toArray(Part[]::new);
    }
}
