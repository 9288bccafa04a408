package org.netloop.engine.fetch;

import org.jspecify.annotations.Nullable;
import org.netloop.engine.retry.Deadline;

import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Roots as the mirrors sent them last, for all volumes: a mirror is asked whether it has another
 * one by now, and volumes that follow one channel ask it once for all. Nothing in here is believed:
 * every reader judges the bytes anew. Thread-safe.
 */
public final class RootMemory {
    /** Bytes of all roots; the one that was not read for longest goes first. */
    private static final int MOST_BYTES = 4 << 20;

    /**
     * A root may change twice within the resolution of its validator: many servers make their tags
     * of seconds and a length. Bytes that were sent so long after the validator was first seen are
     * the last ones that had it.
     */
    private static final Duration RESOLUTION = Duration.ofSeconds(2);

    private final LongSupplier clock;

    // Guarded by the monitor.
    private final Map<URI, Known> roots = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<URI, CountDownLatch> underWay = new HashMap<>();
    private int bytes;

    /** Creates an empty memory. */
    public RootMemory() {
        this(System::nanoTime);
    }

    /**
     * @param clock in ns, from any moment on
     */
    RootMemory(LongSupplier clock) {
        this.clock = clock;
    }

    /**
     * A root that a mirror sent.
     *
     * @param bytes read-only
     * @param validator of the mirror; null if it sent none
     * @param firstNanos when that validator was first seen
     * @param sentNanos when the bytes were sent
     * @param askedNanos when the mirror said last that it has this one
     */
    private record Known(
            ByteBuffer bytes,
            @Nullable String validator,
            long firstNanos,
            long sentNanos,
            long askedNanos) {}

    /**
     * Bytes that a mirror need not send again.
     *
     * @param bytes read-only
     * @param validator what to ask by
     */
    record Kept(ByteBuffer bytes, String validator) {}

    /** Returns a root that a mirror can be asked about; null if it has to send it. */
    synchronized @Nullable Kept kept(URI root) {
        Known known = roots.get(root);
        return known == null
                        || known.validator() == null
                        || known.sentNanos() - known.firstNanos() < RESOLUTION.toNanos()
                ? null
                : new Kept(known.bytes().duplicate(), known.validator());
    }

    /**
     * Returns what a mirror had at most that long ago; null if it was not asked since.
     *
     * @param most zero: nothing is so young
     */
    synchronized @Nullable ByteBuffer notOlder(URI root, Duration most) {
        Known known = most.isPositive() ? roots.get(root) : null;
        return known == null || clock.getAsLong() - known.askedNanos() >= most.toNanos()
                ? null
                : known.bytes().duplicate();
    }

    /** Notes what a mirror sent. */
    synchronized void sent(URI root, ByteBuffer content, @Nullable String validator) {
        Known before = forget(root);
        long now = clock.getAsLong();
        if (content.remaining() <= MOST_BYTES) {
            long first =
                    before != null && validator != null && validator.equals(before.validator())
                            ? before.firstNanos()
                            : now;
            // A copy, as what came may lie in a buffer with room for the largest allowed.
            ByteBuffer copy = ByteBuffer.allocate(content.remaining());
            copy.put(content.duplicate()).flip();
            roots.put(root, new Known(copy.asReadOnlyBuffer(), validator, first, now, now));
            bytes += content.remaining();
            shrink();
        }
    }

    /** Notes that a mirror has what it sent before. */
    synchronized void confirmed(URI root) {
        long now = clock.getAsLong();
        roots.computeIfPresent(
                root,
                (_, known) ->
                        new Known(
                                known.bytes(),
                                known.validator(),
                                known.firstNanos(),
                                known.sentNanos(),
                                now));
    }

    private @Nullable Known forget(URI root) {
        Known before = roots.remove(root);
        bytes -= before == null ? 0 : before.bytes().remaining();
        return before;
    }

    private void shrink() {
        Iterator<Known> eldest = roots.values().iterator();
        while (bytes > MOST_BYTES) {
            bytes -= eldest.next().bytes().remaining();
            eldest.remove();
        }
    }

    /** A question to a mirror that is under way; ends when it is closed. */
    final class Turn implements AutoCloseable {
        private final URI root;
        private final CountDownLatch end;

        private Turn(URI root, CountDownLatch end) {
            this.root = root;
            this.end = end;
        }

        @Override
        public void close() {
            synchronized (RootMemory.this) {
                underWay.remove(root, end);
            }
            end.countDown();
        }
    }

    /**
     * Waits for somebody who asks a mirror for this root just now, whose answer may do; never for a
     * second one, as the first may have asked in vain.
     */
    Turn turn(URI root, Deadline deadline) throws InterruptedException {
        CountDownLatch own = new CountDownLatch(1);
        CountDownLatch other;
        synchronized (this) {
            other = underWay.putIfAbsent(root, own);
        }
        if (other != null) {
            boolean _ = other.await(deadline.left().toNanos(), TimeUnit.NANOSECONDS);
        }
        return new Turn(root, own);
    }
}
