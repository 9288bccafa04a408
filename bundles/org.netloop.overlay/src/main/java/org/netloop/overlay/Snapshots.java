package org.netloop.overlay;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Map;
import java.util.TreeMap;

/**
 * The snapshots of an overlay: files {@code NAME.snapshot} that say up to which segment the log is
 * the snapshot. Those segments stay as they are while it is there. Stateless.
 */
final class Snapshots {
    private static final String SUFFIX = ".snapshot";

    private Snapshots() {}

    /** The number of the last segment of each, by name. */
    static Map<String, Integer> all(Storage storage) throws IOException {
        Map<String, Integer> all = new TreeMap<>();
        for (String name : storage.names()) {
            if (name.endsWith(SUFFIX)) {
                String text = text(storage, name);
                if (text == null) {
                    continue;
                }
                if (!text.matches("[1-9][0-9]{0,9}")) {
                    throw new IOException(
                            "'" + name + "' in " + storage.place() + " does not name a segment");
                }
                all.put(name.substring(0, name.length() - SUFFIX.length()), Integer.parseInt(text));
            }
        }
        return all;
    }

    /** Returns null for one that was discarded since it was listed. */
    private static @Nullable String text(Storage storage, String name) throws IOException {
        try {
            return new String(storage.read(name), UTF_8).strip();
        } catch (NoSuchFileException _) {
            return null;
        }
    }

    /** Up to this segment nothing may be cleaned; 0 if there are no snapshots. */
    static int frozen(Storage storage) throws IOException {
        return all(storage).values().stream().reduce(0, Math::max);
    }

    /**
     * Takes a snapshot of what was written up to now, also while the overlay is written to.
     *
     * @throws IOException if there is one of this name
     */
    static void take(Journal journal, String name) throws IOException {
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")) {
            throw new IllegalArgumentException(
                    "'" + name + "' is not a valid name of a snapshot: use A-Z a-z 0-9 . _ -");
        }
        journal.cleaner().paused(() -> begin(journal, name));
    }

    private static int begin(Journal journal, String name) throws IOException {
        Storage storage = journal.storage();
        if (all(storage).containsKey(name)) {
            throw new IOException(
                    "the overlay " + storage.place() + " has a snapshot '" + name + "' already");
        }
        int last =
                journal.quietly(
                        () -> {
                            int number = journal.current().number();
                            journal.roll();
                            return number;
                        });
        try {
            journal.flush();
            storage.replace(name + SUFFIX, Integer.toString(last).getBytes(UTF_8));
        } finally {
            // One that could not be taken keeps no room. Nothing is cleaned before this.
            journal.cleaner().freeze(frozen(storage));
        }
        return last;
    }

    /** The number of the last segment of one. */
    static int last(Storage storage, String name) throws IOException {
        Integer last = all(storage).get(name);
        if (last == null) {
            throw new IOException(
                    "the overlay " + storage.place() + " has no snapshot '" + name + "'");
        }
        return last;
    }

    /** Gives a snapshot up that nobody reads, while the overlay is written to. */
    static void discard(Journal journal, String name) throws IOException {
        Storage storage = journal.storage();
        journal.cleaner()
                .paused(
                        () -> {
                            discard(storage, name);
                            journal.cleaner().freeze(frozen(storage));
                            return name;
                        });
    }

    /** Gives a snapshot up; its room comes back as the log is cleaned. */
    static void discard(Storage storage, String name) throws IOException {
        int _ = last(storage, name);
        storage.delete(name + SUFFIX);
        storage.sync();
    }
}
