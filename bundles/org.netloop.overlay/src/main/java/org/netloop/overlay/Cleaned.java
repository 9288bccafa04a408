package org.netloop.overlay;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.BitSet;
import java.util.List;

/**
 * Numbers of the segments that were cleaned or dropped: the file {@value #NAME}, with a line {@code
 * FIRST-LAST} for each run of them. It names a segment before that is deleted, so that any other
 * one that is not there was lost. Changed by one thread at a time.
 */
final class Cleaned {
    static final String NAME = "cleaned";
    private static final String FIRST = "netloop-cleaned 1";

    private final Storage storage;
    private final BitSet numbers = new BitSet();

    private Cleaned(Storage storage) {
        this.storage = storage;
    }

    /**
     * Returns those of an overlay, after a look at the segments that are there.
     *
     * @param there the numbers of the segments up to the last one that is read, in ascending order
     * @throws IOException if one is neither there nor named
     */
    static Cleaned of(Storage storage, Heading heading, List<Integer> there) throws IOException {
        Cleaned cleaned = new Cleaned(storage);
        int end = there.isEmpty() ? 0 : there.getLast();
        if (!heading.namesCleaned()) {
            // Written by a version that named none: all gaps are taken for cleaned.
            cleaned.numbers.set(1, end + 1);
            there.forEach(cleaned.numbers::clear);
            return cleaned;
        }
        if (!there.isEmpty() || storage.names().contains(NAME)) {
            cleaned.read();
        }
        for (int number = 1, at = 0; number < end; number++) {
            if (there.get(at) == number) {
                at++;
            } else if (!cleaned.numbers.get(number)) {
                throw cleaned.damaged(
                        "its segment '"
                                + Segment.name(number)
                                + "' is missing, although it was never cleaned");
            }
        }
        return cleaned;
    }

    private void read() throws IOException {
        if (!storage.names().contains(NAME)) {
            throw damaged("its file '" + NAME + "' is missing");
        }
        String[] lines = new String(storage.read(NAME), UTF_8).split("\n", -1);
        try {
            if (!lines[0].equals(FIRST)) {
                throw new IllegalArgumentException("another version");
            }
            for (int i = 1; i < lines.length; i++) {
                if (!lines[i].isEmpty()) {
                    String[] run = lines[i].split("-", 2);
                    int first = Integer.parseInt(run[0]);
                    numbers.set(first, Integer.parseInt(run[run.length - 1]) + 1);
                }
            }
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw damaged("its file '" + NAME + "' cannot be understood (" + e.getMessage() + ")");
        }
    }

    private IOException damaged(String what) {
        return new IOException(
                "the overlay "
                        + storage.place()
                        + " is damaged: "
                        + what
                        + "; restore the directory from a copy");
    }

    /** Names a segment, durably so. */
    void add(int number) throws IOException {
        numbers.set(number);
        write();
    }

    /**
     * Deletes the segments that do not count, and names them before.
     *
     * @return a number that no segment ever had
     */
    int drop(List<Integer> dropped) throws IOException {
        int highest = Replay.numbers(storage).stream().reduce(numbers.length() - 1, Math::max);
        dropped.forEach(numbers::set);
        if (!dropped.isEmpty() || !storage.names().contains(NAME)) {
            writeInTheRoomOf(dropped);
        }
        for (int number : dropped) {
            storage.delete(Segment.name(number));
        }
        // Before the last segment ends: else what was dropped would follow it.
        storage.sync();
        return Math.max(0, highest) + 1;
    }

    /** Writes; on a full disk in the room of segments that do not count. */
    private void writeInTheRoomOf(List<Integer> dropped) throws IOException {
        try {
            write();
        } catch (IOException _) {
            for (int number : dropped) {
                Segment.empty(storage, number);
            }
            write();
        }
    }

    private void write() throws IOException {
        StringBuilder text = new StringBuilder(FIRST).append('\n');
        for (int first = numbers.nextSetBit(1); first > 0; ) {
            int end = numbers.nextClearBit(first);
            text.append(first).append('-').append(end - 1).append('\n');
            first = numbers.nextSetBit(end);
        }
        storage.replace(NAME, text.toString().getBytes(UTF_8));
    }
}
