package org.netloop.overlay;

import org.jspecify.annotations.Nullable;
import org.netloop.api.message.Failures;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Gives back the room of what was written over: the segment that has least of what is still needed
 * is written anew at the end of the log, flushed, and deleted. Thread-safe.
 */
final class Cleaner implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Cleaner.class);

    /** A segment is worth it where one byte of so many is not needed. */
    private static final int WORTH = 16;

    private final Journal journal;
    private final ReentrantLock lock = new ReentrantLock();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(Journal.MOST_DATA);

    /** Segments up to this number belong to a snapshot. */
    private volatile int frozen;

    private volatile boolean stopped;

    Cleaner(Journal journal) {
        this.journal = journal;
    }

    /** Keeps all segments up to a number as they are. */
    void freeze(int number) {
        frozen = number;
    }

    /** Ends what is under way after the segment it is at. */
    void stop() {
        stopped = true;
        lock.lock();
        try {
            LOG.debug("{} is not cleaned any more", journal.storage().place());
        } finally {
            lock.unlock();
        }
    }

    /** Runs something while no segment is deleted. */
    <T> T paused(Journal.Quiet<T> work) throws IOException {
        lock.lock();
        try {
            return work.run();
        } finally {
            lock.unlock();
        }
    }

    /** Cleans on another thread, unless the overlay is being closed. */
    void later(Executor executor) {
        try {
            executor.execute(this);
        } catch (RejectedExecutionException _) {
            LOG.debug("{} is closed: it is cleaned another time", journal.storage().place());
        }
    }

    /** Forces what is behind, and cleans while more is dead than alive. */
    @Override
    public void run() {
        try {
            if (!stopped) {
                journal.flush();
            }
            while (!stopped && step(false)) {
                LOG.debug("a segment of {} was cleaned", journal.storage().place());
            }
        } catch (StorageFullException e) {
            LOG.debug("{} cannot be cleaned now: {}", journal.storage().place(), e.getMessage());
        } catch (IOException e) {
            LOG.warn("{} cannot be cleaned: {}", journal.storage().place(), Failures.sentence(e));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Makes room for a writer; false if there is nothing to be had. */
    boolean makeRoom() throws IOException, InterruptedException {
        return !stopped && step(true);
    }

    private boolean step(boolean needed) throws IOException, InterruptedException {
        lock.lock();
        try {
            Optional<Segment> found = journal.quietly(() -> victim(needed));
            if (found.isEmpty()) {
                return false;
            }
            Segment victim = found.get();
            if (!victim.isDead()) {
                copy(victim);
            }
            journal.flush();
            journal.segments().delete(victim);
            return true;
        } finally {
            lock.unlock();
        }
    }

    private Optional<Segment> victim(boolean needed) throws IOException {
        Segment current = journal.current();
        if (needed && current.number() > frozen && isWorth(current)) {
            journal.roll();
        }
        Segment now = journal.current();
        List<Segment> all =
                journal.segments().without(now).stream().filter(s -> s.number() > frozen).toList();
        Optional<Segment> dead = all.stream().filter(Segment::isDead).findFirst();
        if (dead.isPresent()) {
            return dead;
        }
        long waste = all.stream().mapToLong(Segment::dead).sum();
        long used = all.stream().mapToLong(segment -> segment.end).sum();
        if (!needed && (waste < journal.limits().reserve() || waste * 2 < used)) {
            return Optional.empty();
        }
        return all.stream().filter(Cleaner::isWorth).max(Comparator.comparingLong(Segment::dead));
    }

    private static boolean isWorth(Segment segment) {
        return segment.dead() > segment.end / WORTH;
    }

    private void copy(Segment victim) throws IOException, InterruptedException {
        ByteBuffer raw = ByteBuffer.allocate(Head.LENGTH);
        for (long at = Segment.HEAD; at < victim.end; ) {
            victim.file().read(raw.clear(), at);
            Head head = Head.parse(raw.flip(), victim.nonce());
            if (head == null) {
                throw new IOException(
                        "the overlay "
                                + journal.storage().place()
                                + " is damaged at byte "
                                + at
                                + " of '"
                                + Segment.name(victim.number())
                                + "'");
            }
            if (head.kind() != Head.END) {
                copy(victim, head, at + Head.LENGTH);
            }
            at += Head.LENGTH + head.dataLength();
        }
    }

    /** Copies those runs of a record that still count. */
    private void copy(Segment victim, Head head, long position)
            throws IOException, InterruptedException {
        long first = head.offset() / Place.UNIT;
        long end = first + head.length() / Place.UNIT;
        long whole =
                head.kind() == Head.DATA
                        ? Place.data(victim.number(), position)
                        : Place.zero(victim.number());
        Run run = new Run();
        long begin = first;
        for (long unit = first; unit < end; unit += run.count) {
            journal.extents().find(unit, end - unit, run);
            if (run.place != Place.plus(whole, unit - first)) {
                copy(begin, unit - begin, Place.plus(whole, begin - first), victim);
                begin = unit + run.count;
            }
        }
        copy(begin, end - begin, Place.plus(whole, begin - first), victim);
    }

    /** Copies units; those written over meanwhile are checked again, unit by unit. */
    private void copy(long unit, long count, long place, Segment victim)
            throws IOException, InterruptedException {
        if (count == 0) {
            return;
        }
        ByteBuffer data = null;
        if (Place.isData(place)) {
            data = buffer.clear().limit((int) (count * Place.UNIT));
            victim.file().read(data, Place.position(place));
            data.flip();
        }
        if (append(unit, count, place, data) || count == 1) {
            return;
        }
        Run run = new Run();
        for (long at = unit; at < unit + count; at += run.count) {
            journal.extents().find(at, unit + count - at, run);
            long here = Place.plus(place, at - unit);
            if (run.place == here) {
                copy(at, run.count, here, victim);
            }
        }
    }

    private boolean append(long unit, long count, long place, @Nullable ByteBuffer data)
            throws IOException, InterruptedException {
        return journal.append(
                Place.isData(place) ? Head.DATA : Head.ZERO,
                unit,
                count,
                data == null ? ByteBuffer.allocate(0) : data,
                () -> holds(unit, count, place),
                true);
    }

    private boolean holds(long unit, long count, long place) {
        Run run = new Run();
        for (long at = unit; at < unit + count; at += run.count) {
            journal.extents().find(at, unit + count - at, run);
            if (run.place != Place.plus(place, at - unit)) {
                return false;
            }
        }
        return true;
    }
}
