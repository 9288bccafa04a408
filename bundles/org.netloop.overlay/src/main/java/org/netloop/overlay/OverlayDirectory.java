package org.netloop.overlay;

import org.netloop.api.block.Extent;
import org.netloop.api.volume.Overlays.About;
import org.netloop.api.volume.Volumes.OpenVolume;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** An overlay on disk that no volume of this process has open. Thread-safe. */
final class OverlayDirectory {
    /** The map of more would take too much of the heap, and there is no way back. */
    private static final long LARGEST = 64L << 40;

    private final Path path;

    private OverlayDirectory(Path path) {
        this.path = path;
    }

    /**
     * A directory.
     *
     * @throws IOException if no overlay lies there
     */
    static OverlayDirectory at(Path path) throws IOException {
        if (!Files.exists(path.resolve(Heading.NAME))) {
            throw new IOException("there is no overlay in " + path);
        }
        return new OverlayDirectory(path);
    }

    /** Returns its files, to be read whoever has it open. */
    Storage look() throws IOException {
        return DiskStorage.look(path);
    }

    /** Returns its files, held against everybody else. */
    private Storage hold() throws IOException {
        return DiskStorage.hold(path);
    }

    About about() throws IOException {
        try (Storage storage = look()) {
            Heading heading = Heading.read(storage);
            return new About(
                    heading.base(),
                    heading.size(),
                    DiskStorage.isHeld(path),
                    List.copyOf(Snapshots.all(storage).keySet()));
        }
    }

    /** Returns the bytes that its log takes. */
    long used() throws IOException {
        try (Storage storage = look()) {
            long used = 0;
            for (int number : Replay.numbers(storage)) {
                used += length(path.resolve(Segment.name(number)));
            }
            return used;
        }
    }

    private static long length(Path segment) throws IOException {
        try {
            return Files.size(segment);
        } catch (NoSuchFileException _) {
            return 0; // whoever has it open cleaned it since it was listed
        }
    }

    void takeSnapshot(String name) throws IOException {
        try (Storage storage = hold();
                Journal journal =
                        Journal.open(
                                storage,
                                Heading.read(storage),
                                Limits.of(Limits.UNLIMITED),
                                Runnable::run)) {
            journal.cleaner().freeze(Snapshots.frozen(storage));
            Snapshots.take(journal, name);
        }
    }

    void discardSnapshot(String name) throws IOException {
        try (Storage storage = hold()) {
            Snapshots.discard(storage, name);
        }
    }

    /** Deletes all of it. */
    void discard() throws IOException {
        try (Storage storage = hold()) {
            for (String name : Snapshots.all(storage).keySet()) {
                Snapshots.discard(storage, name);
            }
            // The file that makes it an overlay goes last: what is left until then is none half.
            for (int number : Replay.numbers(storage).reversed()) {
                storage.delete(Segment.name(number));
                storage.sync();
            }
            storage.delete(Heading.NAME);
            storage.sync();
            storage.delete(Cleaned.NAME);
            storage.sync();
        }
    }

    /** Makes it larger. */
    void resize(long size) throws IOException {
        try (Storage storage = hold()) {
            Heading old = Heading.read(storage);
            if (size > LARGEST) {
                throw new IOException(
                        "the overlay " + path + " cannot have more than " + LARGEST + " bytes");
            }
            if (size < old.size()) {
                throw new IOException(
                        "the overlay "
                                + path
                                + " has "
                                + old.size()
                                + " bytes, and cannot be made smaller");
            }
            old.onto(old.base(), old.baseSize(), size).write(storage);
        }
    }

    List<Extent> rebase(OpenVolume from, OpenVolume to, boolean keepOwn)
            throws IOException, InterruptedException {
        try (Storage storage = hold()) {
            return new Rebase(storage, from, to).run(keepOwn);
        }
    }
}
