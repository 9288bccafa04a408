package org.netloop.format.qcow2;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Block;
import org.netloop.api.transport.FetchException;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;

/**
 * The parts of a map that were asked for last. A part is read once, whoever and however many ask
 * for it; what failed is not remembered. Thread-safe.
 */
final class Parts {
    private final Loader loader;
    private final Map<Long, Block[]> loaded;
    private final ConcurrentMap<Long, CompletableFuture<Block[]>> flights =
            new ConcurrentHashMap<>();

    /** Reads a part. */
    @FunctionalInterface
    interface Loader {
        Block[] load(long number) throws FetchException, InterruptedException;
    }

    /**
     * @param most how many are kept
     */
    Parts(int most, Loader loader) {
        this.loader = loader;
        this.loaded =
                new LinkedHashMap<>(most, 0.75f, true) {
                    private static final long serialVersionUID = 1L;

                    @Override
                    protected boolean removeEldestEntry(Map.Entry<Long, Block[]> eldest) {
                        return size() > most;
                    }
                };
    }

    /** The part of that number; null if it has to be read. */
    Block @Nullable [] ifLoaded(long number) {
        synchronized (loaded) {
            return loaded.get(number);
        }
    }

    /** The part of that number. */
    Block[] get(long number) throws FetchException, InterruptedException {
        Block[] part = ifLoaded(number);
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
                    "part " + number + " of the map cannot be had: " + e.getCause(), e);
        }
    }

    /** On a thread of its own, as whoever waits may be interrupted and the others still want it. */
    private CompletableFuture<Block[]> flight(long number) {
        CompletableFuture<Block[]> mine = new CompletableFuture<>();
        CompletableFuture<Block[]> other = flights.putIfAbsent(number, mine);
        if (other != null) {
            return other;
        }
        Thread.ofVirtual().name("qcow2-part-" + number).start(() -> fly(number, mine));
        return mine;
    }

    /** A flight leaves the map before it ends: what failed is asked for again by the next. */
    private void fly(long number, CompletableFuture<Block[]> flight) {
        try {
            Block[] part = ifLoaded(number); // by a flight that just ended
            if (part == null) {
                part = loader.load(number);
                synchronized (loaded) {
                    loaded.put(number, part);
                }
            }
            flights.remove(number);
            flight.complete(part);
        } catch (Throwable e) { // whatever a reader throws, nobody waits for ever
            flights.remove(number);
            flight.completeExceptionally(e);
        }
    }
}
