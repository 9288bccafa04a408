package org.netloop.overlay;

import org.jspecify.annotations.Nullable;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.zip.CRC32C;

/**
 * Reads the log of an overlay from its begin, and finds out what of it counts: all records up to
 * the first one that was not written whole. What was forced is never behind that one. Used once, by
 * one thread.
 */
final class Replay {
    private static final int LARGEST = 2 << 20;

    private final Storage storage;
    private final Heading heading;
    private final Extents extents;
    private final List<Segment> segments = new ArrayList<>();
    private final ByteBuffer head = ByteBuffer.allocateDirect(Head.LENGTH);
    private @Nullable ByteBuffer data;
    private @Nullable Cleaned cleaned;

    /** Records of which it is not known yet that all before them had been forced. */
    private final Deque<Found> pending = new ArrayDeque<>();

    /** The first record that may not have been forced; null if there is none. */
    private @Nullable Found doubtful;

    /** The number of the last record that counts, and up to where all had been forced. */
    private long last;

    private long durable;
    private boolean ended;

    private record Found(Segment segment, long position, Head head) {}

    Replay(Storage storage, Heading heading) {
        this.storage = storage;
        this.heading = heading;
        this.extents = new Extents(heading.size());
    }

    Extents extents() {
        return extents;
    }

    /** Returns the valid segments, in ascending order. */
    List<Segment> segments() {
        return segments;
    }

    /** Closes their files: for whoever does not take them over. */
    void closeSegments() throws IOException {
        for (Segment segment : segments) {
            segment.file().close();
        }
    }

    long last() {
        return last;
    }

    /** Returns the segments that are rightly not there, once the log was read. */
    Cleaned cleaned() {
        return Objects.requireNonNull(cleaned, "the log was not read");
    }

    /** The numbers of all segments that are there, in ascending order. */
    static List<Integer> numbers(Storage storage) throws IOException {
        return storage.names().stream()
                .map(Segment::number)
                .filter(number -> number > 0)
                .sorted()
                .toList();
    }

    /**
     * Reads the log.
     *
     * @param lastSegment the number of the last segment to look at
     * @return the numbers of the segments that do not count
     * @throws IOException if something of what had been forced cannot be read
     */
    List<Integer> run(int lastSegment) throws IOException {
        List<Integer> numbers =
                numbers(storage).stream().filter(number -> number <= lastSegment).toList();
        cleaned = Cleaned.of(storage, heading, numbers);
        boolean complete = true;
        int at = 0;
        for (; at < numbers.size() && complete; at++) {
            Segment segment = open(numbers.get(at));
            if (segment == null) {
                break;
            }
            segments.add(segment);
            complete = scan(segment);
        }
        doubtful = pending.peekFirst();
        settle();
        ended = complete;
        List<Integer> dropped = new ArrayList<>(numbers.subList(at, numbers.size()));
        while (!segments.isEmpty() && !pending.isEmpty()) {
            Segment cut = pending.getFirst().segment();
            Segment candidate = segments.getLast();
            if (candidate == cut) {
                cut.end = pending.getFirst().position();
                break;
            }
            segments.removeLast();
            candidate.file().close();
            dropped.add(candidate.number());
        }
        checkNothingDurable(dropped);
        return dropped;
    }

    /**
     * Ends the last segment where what counts ends, and forces what counts.
     *
     * @return the number of the last record
     */
    long seal() throws IOException {
        if (segments.isEmpty()) {
            return last;
        }
        Segment ending = segments.getLast();
        Segment first = doubtful == null ? ending : doubtful.segment();
        long from = doubtful == null ? ending.end : doubtful.position();
        if (!isComplete()) {
            end(ending);
        }
        for (Segment segment : segments) {
            if (segment.number() >= first.number()) {
                rewrite(segment, segment == first ? from : Segment.HEAD);
                segment.file().force();
            }
        }
        return last;
    }

    private void end(Segment segment) throws IOException {
        segment.file().truncate(segment.end);
        ByteBuffer end = ByteBuffer.allocate(Head.LENGTH);
        new Head(Head.END, last + 1, durable, 0, 0, 0).put(end, segment.nonce());
        segment.file().write(end.flip(), segment.end);
        segment.end += Head.LENGTH;
        last++;
    }

    /**
     * Writes what is there once more: the kernel may have failed to write it for the process before
     * this one, and forces only what was written since.
     */
    private void rewrite(Segment segment, long from) throws IOException {
        ByteBuffer piece = window();
        for (long at = from; at < segment.end; at += piece.limit()) {
            piece.clear().limit((int) Math.min(piece.capacity(), segment.end - at));
            segment.file().read(piece, at);
            segment.file().write(piece.flip(), at);
        }
    }

    /** Returns whether all it looked at was written whole, up to the end of the last segment. */
    boolean isComplete() {
        return ended && pending.isEmpty();
    }

    private @Nullable Segment open(int number) throws IOException {
        try {
            return Segment.open(storage, heading.id(), number);
        } catch (Segment.NotASegmentException _) {
            return null;
        }
    }

    /** Returns whether the segment ends properly. */
    private boolean scan(Segment segment) throws IOException {
        long size = segment.file().size();
        while (segment.end + Head.LENGTH <= size) {
            Head found = head(segment, segment.end);
            if (found == null
                    || (found.number() != last + 1 && segment.end > Segment.HEAD)
                    || found.number() <= last
                    || segment.end + Head.LENGTH + found.dataLength() > size) {
                return false;
            }
            if (!found.isWithin(extents.units())) {
                throw damaged(
                        "record "
                                + found.number()
                                + " is not within the "
                                + heading.size()
                                + " bytes that the file '"
                                + Heading.NAME
                                + "' tells");
            }
            pending.add(new Found(segment, segment.end, found));
            last = found.number();
            durable = Math.max(durable, found.durable());
            segment.end += Head.LENGTH + found.dataLength();
            applyDurable();
            if (found.kind() == Head.END) {
                return true;
            }
        }
        return false;
    }

    private @Nullable Head head(Segment segment, long position) throws IOException {
        segment.file().read(head.clear(), position);
        return Head.parse(head.flip(), segment.nonce());
    }

    private void applyDurable() {
        while (!pending.isEmpty() && pending.getFirst().head().number() <= durable) {
            apply(pending.removeFirst());
        }
    }

    /** Looks at the data of what may not have been written whole. */
    private void settle() throws IOException {
        while (!pending.isEmpty() && isWhole(pending.getFirst())) {
            apply(pending.removeFirst());
        }
        last = pending.isEmpty() ? last : pending.getFirst().head().number() - 1;
    }

    private boolean isWhole(Found found) throws IOException {
        if (found.head().kind() != Head.DATA) {
            return true;
        }
        if (found.head().length() > LARGEST) {
            return false;
        }
        ByteBuffer buffer = window();
        buffer.clear().limit((int) found.head().length());
        try {
            found.segment().file().read(buffer, found.position() + Head.LENGTH);
        } catch (EOFException _) {
            return false;
        }
        return crc(buffer.flip()) == found.head().crc();
    }

    private ByteBuffer window() {
        ByteBuffer buffer = data == null ? ByteBuffer.allocateDirect(LARGEST) : data;
        data = buffer;
        return buffer;
    }

    static int crc(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    private void apply(Found found) {
        Head told = found.head();
        long unit = told.offset() / Place.UNIT;
        long count = told.length() / Place.UNIT;
        Segment segment = found.segment();
        switch (told.kind()) {
            case Head.DATA -> {
                put(unit, count, Place.data(segment.number(), found.position() + Head.LENGTH));
                segment.add(told.kind(), count);
            }
            case Head.ZERO -> {
                put(unit, count, Place.zero(segment.number()));
                segment.add(told.kind(), count);
            }
            default -> {
                // The end of a segment says nothing of the volume.
            }
        }
    }

    private void put(long unit, long count, long place) {
        extents.put(unit, count, place, this::replaced);
    }

    /** Most of what is replaced was written a moment before: those segments are the last ones. */
    private void replaced(long place, long count) {
        int number = Place.segment(place);
        for (int i = segments.size() - 1; i >= 0; i--) {
            Segment segment = segments.get(i);
            if (segment.number() == number) {
                segment.remove(place, count);
                return;
            }
        }
    }

    /** Checks that what does not count was never forced: otherwise it is not torn, but damaged. */
    private void checkNothingDurable(List<Integer> dropped) throws IOException {
        if (!segments.isEmpty() && !isComplete()) {
            checkNothingDurable(segments.getLast(), segments.getLast().end);
        }
        for (int number : dropped) {
            Segment segment = open(number);
            if (segment != null) {
                try (Storage.File _ = segment.file()) {
                    checkNothingDurable(segment, Segment.HEAD);
                }
            }
        }
    }

    /** Looks at each place where a record may be: no length that was read can be relied on. */
    private void checkNothingDurable(Segment segment, long from) throws IOException {
        long size = segment.file().size();
        ByteBuffer bytes = window();
        long at = from;
        while (at + Head.LENGTH <= size) {
            bytes.clear().limit((int) Math.min(bytes.capacity(), size - at));
            segment.file().read(bytes, at);
            bytes.flip();
            int place = 0;
            for (; place + Head.LENGTH <= bytes.limit(); place += Head.ALIGNMENT) {
                Head found = Head.parse(bytes.position(place), segment.nonce());
                if (found != null && found.durable() > last) {
                    throw damaged(
                            "record "
                                    + (last + 1)
                                    + " cannot be read, although it had been written");
                }
            }
            at += place;
        }
    }

    private IOException damaged(String what) {
        return new IOException(
                "the overlay "
                        + storage.place()
                        + " is damaged: "
                        + what
                        + "; restore the directory from a copy, or go back to a snapshot");
    }
}
