package org.netloop.overlay;

import org.jspecify.annotations.Nullable;
import org.netloop.api.message.Failures;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The log that an overlay is: every write is a record at its end, and what a record says replaces
 * what those before it said. After a power cut all records count up to one that was not written
 * whole, and none behind it; a flush is one force of the segment that is written to. Thread-safe.
 */
final class Journal implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);

    /** The most data of a record, in bytes. */
    static final int MOST_DATA = 1 << 20;

    private final Storage storage;
    private final Contents contents;
    private final Extents extents;
    private final Executor executor;
    private final Cleaner cleaner;
    private final Limits limits;
    private final Segments segments;
    private final ReentrantLock appending = new ReentrantLock();
    private final ReentrantLock forcing = new ReentrantLock();

    // Guarded by the lock for appending.
    private final ByteBuffer staging = ByteBuffer.allocateDirect(MOST_DATA + Head.LENGTH);
    private final List<Segment> unforced = new ArrayList<>();
    private Segment current;
    private int nextNumber;
    private boolean closed;

    /** The number of the last record that was written, and of the last that was forced. */
    private volatile long last;

    private volatile long durable;

    /** Failure that stops all writing until the journal is opened again; null if none. */
    private volatile @Nullable IOException broken;

    private Journal(
            Storage storage,
            Heading heading,
            Replay replay,
            Segment current,
            Limits limits,
            Executor executor) {
        this.storage = storage;
        this.extents = replay.extents();
        this.limits = limits;
        this.executor = executor;
        this.current = current;
        this.nextNumber = current.number() + 1;
        this.segments = new Segments(storage, replay.cleaned());
        this.contents = new Contents(heading, extents, segments);
        replay.segments().forEach(segments::add);
        segments.add(current);
        unforced.add(current);
        this.cleaner = new Cleaner(this);
    }

    /**
     * Opens the log of a place, and ends what a power cut left unfinished.
     *
     * @param executor runs what can wait
     */
    static Journal open(Storage storage, Heading heading, Limits limits, Executor executor)
            throws IOException {
        Replay replay = new Replay(storage, heading);
        boolean opened = false;
        try {
            List<Integer> dropped = replay.run(Integer.MAX_VALUE);
            int next = replay.cleaned().drop(dropped);
            Heading named = heading.named(storage);
            long last = replay.seal();
            Segment fresh = Segment.create(storage, named.id(), next);
            storage.sync();
            Journal journal = new Journal(storage, named, replay, fresh, limits, executor);
            journal.last = last;
            journal.durable = last;
            opened = true;
            return journal;
        } finally {
            if (!opened) {
                replay.closeSegments();
            }
        }
    }

    Extents extents() {
        return extents;
    }

    /** Returns what it holds: read by many threads while it is written to. */
    Contents contents() {
        return contents;
    }

    Storage storage() {
        return storage;
    }

    /** Returns the segments: read by many threads, changed under the lock for appending. */
    Segments segments() {
        return segments;
    }

    /** Says under the lock whether a record may still be written. */
    @FunctionalInterface
    interface Condition {
        boolean holds();
    }

    /**
     * Writes data, at most {@link #MOST_DATA} bytes and a multiple of a unit.
     *
     * @return false if the condition does not hold; nothing is written then
     * @throws StorageFullException if there is no room; nothing is written then
     */
    boolean data(long unit, ByteBuffer data, Condition condition)
            throws IOException, InterruptedException {
        return append(Head.DATA, unit, data.remaining() / Place.UNIT, data, condition, false);
    }

    /** Makes units zeros. */
    void zero(long unit, long count) throws IOException, InterruptedException {
        append(Head.ZERO, unit, count, ByteBuffer.allocate(0), () -> true, false);
    }

    /**
     * Writes a record.
     *
     * @param cleaning whether it is written so that others can go: it may use the reserve
     */
    boolean append(
            int kind, long unit, long count, ByteBuffer data, Condition condition, boolean cleaning)
            throws IOException, InterruptedException {
        boolean rolled = false;
        boolean written = false;
        for (boolean done = false; !done; ) {
            boolean full;
            appending.lock();
            try {
                check();
                if (!condition.holds()) {
                    return false;
                }
                if (current.isFull(data.remaining(), limits)) {
                    roll();
                    rolled = true;
                }
                full = !hasRoom(Head.LENGTH + data.remaining(), cleaning);
                if (!full) {
                    write(kind, unit, count, data);
                    written = true;
                }
            } finally {
                appending.unlock();
            }
            done = written || cleaning || !cleaner.makeRoom();
        }
        if (!written) {
            throw limits.usedUp(storage.place());
        }
        if (rolled && !cleaning) {
            cleaner.later(executor);
        }
        return true;
    }

    private boolean hasRoom(long length, boolean cleaning) {
        return limits.budget() == Limits.UNLIMITED
                || segments.used() + length <= limits.budget() - (cleaning ? 0 : limits.reserve());
    }

    private void check() throws IOException {
        IOException why = broken;
        if (why != null) {
            throw new IOException(
                    "the overlay " + storage.place() + " failed before: " + why.getMessage(), why);
        }
        if (closed) {
            throw new IOException("the overlay " + storage.place() + " is closed");
        }
    }

    private void write(int kind, long unit, long count, ByteBuffer data) throws IOException {
        Segment into = current;
        long place =
                kind == Head.DATA
                        ? Place.data(into.number(), into.end + Head.LENGTH)
                        : Place.zero(into.number());
        put(kind, unit, count, data);
        into.add(kind, count);
        extents.put(unit, count, place, segments::replaced);
    }

    /** Writes a record; the next one replaces one that was not written completely. */
    private void put(int kind, long unit, long count, ByteBuffer data) throws IOException {
        int crc = data.hasRemaining() ? Replay.crc(data.duplicate()) : 0;
        Head head = new Head(kind, last + 1, durable, unit * Place.UNIT, count * Place.UNIT, crc);
        staging.clear();
        head.put(staging, current.nonce());
        staging.put(data.duplicate()).flip();
        long position = current.end;
        try {
            current.file().write(staging, position);
        } catch (IOException e) {
            current.file().truncate(position);
            throw e;
        }
        current.end = position + staging.limit();
        last = head.number();
    }

    /** Ends the segment that is written to, and begins another. */
    void roll() throws IOException {
        Segment fresh = Segment.create(storage, contents.heading().id(), nextNumber);
        try {
            storage.sync();
            put(Head.END, 0, 0, ByteBuffer.allocate(0));
        } catch (IOException e) {
            fresh.file().close();
            storage.delete(Segment.name(nextNumber));
            throw e;
        }
        nextNumber++;
        segments.add(fresh);
        current = fresh;
        unforced.add(fresh);
    }

    /** Returns when all that was written before survives a power cut. */
    void flush() throws IOException {
        long wanted = last;
        if (durable >= wanted && broken == null) {
            return;
        }
        forcing.lock();
        try {
            if (durable < wanted || broken != null) {
                force();
            }
        } finally {
            forcing.unlock();
        }
    }

    private void force() throws IOException {
        List<Segment> those;
        long upTo;
        appending.lock();
        try {
            check();
            those = List.copyOf(unforced);
            // What ends from now on may get records that are not forced here.
            unforced.retainAll(List.of(current));
            upTo = last;
        } finally {
            appending.unlock();
        }
        try {
            for (Segment segment : those) {
                segment.file().force();
            }
        } catch (IOException e) {
            // The kernel may have dropped what it could not write: nobody knows what is there.
            broken = e;
            String why = Failures.sentence(e);
            LOG.error("the overlay {} takes no more writes: {}", storage.place(), why);
            throw e;
        }
        durable = upTo;
    }

    /** Runs something while nothing is written. */
    <T> T quietly(Quiet<T> work) throws IOException {
        appending.lock();
        try {
            check();
            return work.run();
        } finally {
            appending.unlock();
        }
    }

    /** Work that is done under the lock for appending. */
    @FunctionalInterface
    interface Quiet<T> {
        T run() throws IOException;
    }

    Segment current() {
        return current;
    }

    Limits limits() {
        return limits;
    }

    Cleaner cleaner() {
        return cleaner;
    }

    /** Flushes, and closes its files; the storage stays its owner's to close. */
    @Override
    public void close() throws IOException {
        cleaner.stop();
        try {
            if (broken == null) {
                flush();
            }
        } finally {
            appending.lock();
            try {
                tellDurable();
                closed = true;
                segments.close();
            } finally {
                appending.unlock();
            }
        }
    }

    /** Ends the log, which tells that all of it had been forced. */
    private void tellDurable() {
        try {
            if (broken == null && !closed && durable == last) {
                put(Head.END, 0, 0, ByteBuffer.allocate(0));
            }
        } catch (IOException e) {
            LOG.debug("the end of {} is not told: {}", storage.place(), e.getMessage());
        }
    }
}
