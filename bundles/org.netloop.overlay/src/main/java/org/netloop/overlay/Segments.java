package org.netloop.overlay;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The segments of a log. Read by many threads; their counts belong to whoever writes the log.
 * Thread-safe.
 */
final class Segments implements Closeable {
    private final Storage storage;
    private final Cleaned cleaned;
    private final Map<Integer, Segment> all = new ConcurrentHashMap<>();

    /**
     * @param cleaned names those that are deleted
     */
    Segments(Storage storage, Cleaned cleaned) {
        this.storage = storage;
        this.cleaned = cleaned;
    }

    void add(Segment segment) {
        all.put(segment.number(), segment);
    }

    /**
     * Fills {@code into} with data; false if they lie elsewhere by now: look once more.
     *
     * @param within how many bytes behind the place they begin
     */
    boolean read(long place, long within, ByteBuffer into) throws IOException {
        Segment segment = all.get(Place.segment(place));
        return segment != null && segment.read(into, Place.position(place) + within);
    }

    /** Returns their total length in bytes. */
    long used() {
        long used = 0;
        for (Segment segment : all.values()) {
            used += segment.end;
        }
        return used;
    }

    /** All but one, oldest first. */
    List<Segment> without(Segment current) {
        return all.values().stream()
                .filter(segment -> segment.number() != current.number())
                .sorted(Comparator.comparingInt(Segment::number))
                .toList();
    }

    /** Takes units off a segment's count, as they lie elsewhere now. */
    void replaced(long place, long count) {
        Segment segment = all.get(Place.segment(place));
        if (segment != null) {
            segment.remove(place, count);
        }
    }

    /** Deletes a segment that nobody needs, durably so; waits for its readers. */
    void delete(Segment segment) throws IOException, InterruptedException {
        all.remove(segment.number());
        segment.retire();
        try {
            cleaned.add(segment.number());
        } catch (IOException _) {
            // The disk may be full: what it held is not needed, and makes room for its name.
            Segment.empty(storage, segment.number());
            cleaned.add(segment.number());
        }
        storage.delete(Segment.name(segment.number()));
    }

    @Override
    public void close() throws IOException {
        for (Segment segment : all.values()) {
            segment.file().close();
        }
    }
}
