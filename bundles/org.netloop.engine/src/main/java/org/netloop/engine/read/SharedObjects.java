package org.netloop.engine.read;

import org.netloop.api.block.Digest;
import org.netloop.api.mirror.MirroredRepository;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchPurpose;
import org.netloop.api.transport.FetchRequest;
import org.netloop.api.transport.Fetched;
import org.netloop.engine.fetch.Check;
import org.netloop.engine.fetch.Errand;
import org.netloop.engine.fetch.Fetcher;
import org.netloop.engine.fetch.Wanted;
import org.netloop.engine.retry.Deadline;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.UnaryOperator;

/**
 * Objects of a repository for those who pass them on: each is fetched once for all who want it at
 * the same time. Thread-safe.
 */
public final class SharedObjects implements MirroredRepository {
    /** Most objects are small: more room than this is taken only when it proves needed. */
    private static final int USUAL_ROOM = 512 << 10;

    private final Fetcher fetcher;
    private final CacheTier cache;
    private final Duration patience;
    private final Map<String, CompletableFuture<ByteBuffer>> flights = new ConcurrentHashMap<>();
    private final LongAdder hits = new LongAdder();
    private final LongAdder joins = new LongAdder();
    private final LongAdder fetches = new LongAdder();
    private final LongAdder fetchedBytes = new LongAdder();
    private final LongAdder failures = new LongAdder();

    /**
     * @param cache keeps what a digest names
     * @param patience longest wait for an object
     */
    public SharedObjects(Fetcher fetcher, CacheTier cache, Duration patience) {
        this.fetcher = fetcher;
        this.cache = cache;
        this.patience = patience;
    }

    @Override
    public ByteBuffer block(String path, Digest digest, int maxLength)
            throws FetchException, InterruptedException {
        return shared(path, () -> cachedOrFetched(path, digest, maxLength));
    }

    @Override
    public ByteBuffer document(String path, int maxLength)
            throws FetchException, InterruptedException {
        return shared(path, () -> fetched(path, maxLength, Check.NONE, Errand::inTurn));
    }

    @Override
    public Counts counts() {
        return new Counts(
                hits.sum(), joins.sum(), fetches.sum(), fetchedBytes.sum(), failures.sum());
    }

    /** A flight has a thread of its own: who gives up takes it from nobody else. */
    private ByteBuffer shared(String path, Callable<ByteBuffer> work)
            throws FetchException, InterruptedException {
        CompletableFuture<ByteBuffer> fresh = new CompletableFuture<>();
        CompletableFuture<ByteBuffer> under = flights.putIfAbsent(path, fresh);
        if (under == null) {
            under = fresh;
            Thread.ofVirtual().name("object-" + path).start(() -> fly(path, work, fresh));
        } else {
            joins.increment();
        }
        try {
            return under.get().duplicate();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof FetchException failure) {
                throw failure.withMessage(String.valueOf(failure.getMessage()));
            }
            throw new IllegalStateException(path + ": " + e.getCause(), e.getCause());
        }
    }

    /**
     * Leaves the table before it tells those who wait: who asks after an answer was given gets
     * another one, and never that of a document as it was before.
     */
    private void fly(String path, Callable<ByteBuffer> work, CompletableFuture<ByteBuffer> flight) {
        try {
            ByteBuffer object = work.call();
            flights.remove(path, flight);
            flight.complete(object);
        } catch (Throwable e) { // whatever it is, it is thrown at those who wait
            if (!(e instanceof FetchException.Missing)) {
                failures.increment();
            }
            flights.remove(path, flight);
            flight.completeExceptionally(e);
        }
    }

    private ByteBuffer cachedOrFetched(String path, Digest digest, int maxLength)
            throws FetchException, InterruptedException {
        try (CacheTier.Hit hit = cache.get(digest, CacheTier.ANY_LENGTH)) {
            if (hit != null && digest.matches(hit.bytes().duplicate())) {
                ByteBuffer bytes = hit.bytes();
                hits.increment();
                return ByteBuffer.allocate(bytes.remaining()).put(bytes).flip().asReadOnlyBuffer();
            }
            if (hit != null) {
                cache.remove(digest);
            }
        }
        Check check =
                (bytes, from, _) -> {
                    if (!digest.matches(bytes.duplicate())) {
                        throw new FetchException.Corrupt(
                                from + " has other bytes than its digest " + digest.brief());
                    }
                };
        ByteBuffer fetched = fetched(path, maxLength, check, UnaryOperator.identity());
        cache.put(digest, fetched.duplicate());
        return fetched;
    }

    private ByteBuffer fetched(
            String path, int maxLength, Check check, UnaryOperator<Errand> manner)
            throws FetchException, InterruptedException {
        ByteBuffer object = whole(path, maxLength, check, manner);
        fetches.increment();
        fetchedBytes.add(object.remaining());
        return object;
    }

    /** Fetches the beginning, which is all of most objects, and tells how long it is. */
    private ByteBuffer whole(String path, int maxLength, Check check, UnaryOperator<Errand> manner)
            throws FetchException, InterruptedException {
        Deadline deadline = Deadline.in(patience);
        int room = Math.min(USUAL_ROOM, maxLength);
        ByteBuffer into = ByteBuffer.allocate(room);
        long[] total = {Fetched.UNKNOWN};
        Check first =
                (bytes, from, object) -> {
                    total[0] = bytes.remaining() < room ? bytes.remaining() : object.totalLength();
                    if (total[0] == bytes.remaining()) {
                        check.accept(bytes, from, object);
                    }
                };
        fetch(new Errand(path, wanted(path, room), into, first, deadline), manner);
        if (total[0] == into.position()) {
            return into.flip().asReadOnlyBuffer();
        }
        if (total[0] > maxLength) {
            throw new FetchException.Corrupt(
                    path + " has " + total[0] + " of at most " + maxLength + " bytes");
        }
        ByteBuffer whole =
                ByteBuffer.allocate(total[0] == Fetched.UNKNOWN ? maxLength : (int) total[0]);
        fetch(new Errand(path, wanted(path, FetchRequest.TO_END), whole, check, deadline), manner);
        return whole.flip().asReadOnlyBuffer();
    }

    private static Wanted wanted(String path, long length) {
        return new Wanted(path, 0, length, FetchPurpose.DEMAND);
    }

    private void fetch(Errand errand, UnaryOperator<Errand> manner)
            throws FetchException, InterruptedException {
        fetcher.fetch(manner.apply(errand));
    }
}
