package org.netloop.engine.ahead;

import org.netloop.api.block.Block;
import org.netloop.api.index.Index;
import org.netloop.api.transport.FetchPurpose;
import org.netloop.api.volume.Volumes.Prefetch;
import org.netloop.engine.fetch.UnderWay;
import org.netloop.engine.read.Watch;
import org.netloop.engine.retry.RetryPolicy;

/**
 * Sees what readers read and miss, and what is under way for anybody: what a {@link Prefetcher}
 * decides by. It exists before there is anything that could be fetched ahead. Thread-safe.
 */
public final class Lookout implements Watch {
    private final boolean readAhead;
    private final Pace pace;
    private final Streams streams;
    private final Guesses guesses;

    /** Set if nothing better than guesses is known. */
    private volatile boolean guessing;

    // Under the monitor.
    private int underWay;
    private long bytesUnderWay;
    private int failures;
    private long restsUntilNanos;
    private boolean news;
    private boolean closed;

    /**
     * @param most how many fetches may be under way at a time
     */
    public Lookout(Index index, Prefetch spec, int most) {
        readAhead = spec.readAhead();
        pace = new Pace(most, Runtime.getRuntime().availableProcessors());
        streams = new Streams(index, () -> 2 * pace.window());
        guesses = new Guesses(index, pace);
    }

    /** Notes that a range is read, from wherever it comes. Called on every read. */
    public void reads(long offset, int length) {
        if (!streams.isEmpty() && streams.reads(offset, offset + length)) {
            wake();
        }
    }

    @Override
    public UnderWay begins(Block block, int bytes, FetchPurpose purpose) {
        synchronized (this) {
            underWay++;
            bytesUnderWay += bytes;
        }
        if (purpose == FetchPurpose.DEMAND && readAhead) {
            misses(block);
        }
        Pace.Mark mark = pace.begins(System.nanoTime());
        return (came, good) -> ended(mark, bytes, came, good);
    }

    private void misses(Block block) {
        boolean first = streams.misses(block);
        if (first && guessing) {
            guesses.around(block);
        }
        wake();
    }

    private void ended(Pace.Mark mark, int expected, int came, boolean good) {
        if (good) {
            pace.ended(mark, came, System.nanoTime());
        } else {
            pace.failed();
        }
        synchronized (this) {
            underWay--;
            bytesUnderWay -= expected;
            if (good) {
                failures = 0;
            } else {
                restsUntilNanos = System.nanoTime() + RetryPolicy.AHEAD.nanos(failures);
                failures++;
            }
            news = true;
            notifyAll();
        }
    }

    Pace pace() {
        return pace;
    }

    Streams streams() {
        return streams;
    }

    Guesses guesses() {
        return guesses;
    }

    /** Records that nothing better than guesses will be known. */
    void guess() {
        guessing = true;
    }

    synchronized void wake() {
        news = true;
        notifyAll();
    }

    /** Waits until one more fetch may begin; false when it is over. */
    synchronized boolean awaitTurn(long everyMillis) throws InterruptedException {
        while (!closed && (!pace.allows(underWay, bytesUnderWay) || isResting())) {
            wait(everyMillis);
        }
        news = false;
        return !closed;
    }

    private boolean isResting() {
        return failures > 0 && System.nanoTime() - restsUntilNanos < 0;
    }

    /** Waits for news; 0 for as long as it takes. */
    synchronized void pause(long millis) throws InterruptedException {
        if (!news && !closed) {
            wait(millis);
        }
        news = false;
    }

    /** Returns whether enough blocks that no reader waits for are under way. */
    synchronized boolean isQuietEnough() {
        return underWay >= pace.quietWindow();
    }

    /** Returns whether enough blocks that no reader will want soon are under way. */
    synchronized boolean isBusy() {
        return underWay >= Pace.LEAST;
    }

    synchronized boolean isClosed() {
        return closed;
    }

    synchronized void close() {
        closed = true;
        notifyAll();
    }
}
