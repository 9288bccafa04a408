package org.netloop.engine.read;

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
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs of deltas that were fetched last. Deltas are small: neighbours come by one request, which
 * all who want one of them wait for. Each delta is verified before it is given out, as its
 * neighbours were not when the run came. Thread-safe.
 */
final class DeltaRuns {
    /** At most 2 MiB of runs of the usual length. */
    private static final int MOST = 32;

    private record Place(String path, Delta.Run run) {}

    /** Least recently used first; guarded by itself. */
    private final Map<Place, CompletableFuture<ByteBuffer>> runs =
            new LinkedHashMap<>(MOST, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(
                        Map.Entry<Place, CompletableFuture<ByteBuffer>> eldest) {
                    return size() > MOST;
                }
            };

    /**
     * Returns the verified bytes of a delta.
     *
     * @param fetcher brings a run that is not there
     */
    ByteBuffer get(Delta delta, FetchPurpose purpose, Deadline deadline, Stage fetcher)
            throws FetchException, BackendException, InterruptedException {
        Place place = new Place(delta.stored().path(), delta.run());
        CompletableFuture<ByteBuffer> mine = new CompletableFuture<>();
        CompletableFuture<ByteBuffer> other;
        synchronized (runs) {
            other = runs.putIfAbsent(place, mine);
        }
        if (other != null) {
            ByteBuffer run = await(other, delta, deadline);
            if (holds(run, delta)) {
                return part(delta, run);
            }
            // It was fetched for a neighbour: another mirror may have this delta whole.
            synchronized (runs) {
                runs.put(place, mine);
            }
        }
        ByteBuffer run = null;
        try {
            run = fetch(delta, purpose, deadline, fetcher);
            mine.complete(run);
        } finally {
            if (run == null) {
                forget(place, mine);
            }
        }
        return part(delta, run);
    }

    private void forget(Place place, CompletableFuture<ByteBuffer> failed) {
        synchronized (runs) {
            runs.remove(place, failed);
        }
        failed.completeExceptionally(
                new FetchException.Unavailable("the deltas beside it did not come", null));
    }

    private static ByteBuffer await(
            CompletableFuture<ByteBuffer> run, Delta delta, Deadline deadline)
            throws FetchException, InterruptedException {
        try {
            return run.get(Math.max(0, deadline.left().toNanos()), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new FetchException.Unavailable(
                    name(delta.stored()) + " did not come with its neighbours", e);
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
