package org.netloop.engine.ahead;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Block;
import org.netloop.api.index.Index;
import org.netloop.api.transport.FetchException;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * Readers that may be going on from where they are: each begins with a block that had to be
 * fetched, and ends some seconds after its last read. Thread-safe; a read takes no lock, and where
 * nothing was fetched of late it looks at one field.
 */
final class Streams implements Source {
    private static final int MOST = 16;
    private static final long AGE_NANOS = 5_000_000_000L;
    private static final Stream[] NONE = {};

    private final Index index;
    private final IntSupplier distance;
    private volatile Stream[] streams = NONE;
    private int turn;

    /**
     * @param distance how many blocks ahead of all readers are enough
     */
    Streams(Index index, IntSupplier distance) {
        this.index = index;
        this.distance = distance;
    }

    boolean isEmpty() {
        return streams.length == 0;
    }

    /** Returns the number of sequential streams. */
    int count() {
        return (int) Arrays.stream(streams).filter(Stream::isSequential).count();
    }

    /** A range was read; true if there may be something to fetch. */
    boolean reads(long offset, long end) {
        boolean news = false;
        for (Stream stream : streams) {
            if (stream.covers(offset)) {
                news |= stream.reads(end, System.nanoTime());
            }
        }
        return news;
    }

    /** A block had to be fetched for a reader; true if it is the first of a new stream. */
    synchronized boolean misses(Block block) {
        for (Stream stream : streams) {
            if (stream.covers(block.offset())) {
                return false;
            }
        }
        List<Stream> next = new ArrayList<>(Arrays.asList(streams));
        if (next.size() == MOST) {
            next.removeFirst();
        }
        next.add(new Stream(block, index.image().maxBlockLength(), System.nanoTime()));
        streams = next.toArray(NONE);
        return true;
    }

    /** Forgets those whose reader has gone. */
    synchronized void forget() {
        long now = System.nanoTime();
        streams =
                Arrays.stream(streams)
                        .filter(stream -> !stream.isOld(now, AGE_NANOS))
                        .toArray(Stream[]::new);
    }

    @Override
    public @Nullable Block next() throws FetchException, InterruptedException {
        Stream[] now = streams;
        int share = Math.max(1, distance.getAsInt() / Math.max(1, count()));
        for (int i = 0; i < now.length; i++) {
            turn = (turn + 1) % now.length;
            Block block = now[turn].next(index, share);
            if (block != null) {
                return block;
            }
        }
        return null;
    }
}
