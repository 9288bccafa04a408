package org.netloop.overlay;

import org.netloop.api.volume.Overlays;
import org.netloop.api.volume.Volume;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An opened place with its journal: what of an overlay outlives the volume below. Thread-safe. */
final class Overlay implements Layer {
    private static final Logger LOG = LoggerFactory.getLogger(Overlay.class);

    private final Storage storage;
    private final Journal journal;
    private final ExecutorService executor;

    private Overlay(Storage storage, Journal journal, ExecutorService executor) {
        this.storage = storage;
        this.journal = journal;
        this.executor = executor;
    }

    /**
     * Opens a place, or makes an overlay there.
     *
     * @param place a directory, or {@link Overlays#MEMORY}
     */
    static Overlay open(String place, Volume base, Limits limits) throws IOException {
        Storage storage =
                place.equals(Overlays.MEMORY)
                        ? new MemoryStorage()
                        : DiskStorage.hold(Path.of(place));
        ExecutorService executor =
                Executors.newSingleThreadExecutor(
                        Thread.ofPlatform().daemon().name("netloop-overlay " + place).factory());
        boolean opened = false;
        try {
            Heading heading = heading(storage, base);
            Journal journal = Journal.open(storage, heading, limits, executor);
            journal.cleaner().freeze(Snapshots.frozen(storage));
            opened = true;
            LOG.info(
                    "the overlay {} of {} holds {} MiB",
                    storage.place(),
                    base.name(),
                    journal.segments().used() >> 20);
            return new Overlay(storage, journal, executor);
        } finally {
            if (!opened) {
                executor.shutdown();
                storage.close();
            }
        }
    }

    private static Heading heading(Storage storage, Volume base) throws IOException {
        if (!storage.names().contains(Heading.NAME)) {
            if (!Replay.numbers(storage).isEmpty()) {
                throw new IOException(
                        storage.place()
                                + " has segments of an overlay, but not the file '"
                                + Heading.NAME
                                + "' that says which image they belong to; restore it, or use an"
                                + " empty directory");
            }
            Heading fresh =
                    new Heading(UUID.randomUUID(), base.identity(), base.size(), base.size());
            fresh.write(storage);
            return fresh;
        }
        Heading heading = Heading.read(storage);
        heading.require(base, storage.place());
        return heading;
    }

    Journal journal() {
        return journal;
    }

    @Override
    public Heading heading() {
        return journal.contents().heading();
    }

    @Override
    public OverlayVolume over(String name, Volume base) {
        return new OverlayVolume(name, base, journal);
    }

    @Override
    public void close() throws IOException {
        try (storage;
                journal) {
            executor.shutdown();
        }
    }
}
