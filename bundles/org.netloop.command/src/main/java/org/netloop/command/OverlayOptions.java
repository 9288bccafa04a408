package org.netloop.command;

import org.jspecify.annotations.Nullable;
import org.netloop.api.command.SizeConverter;
import org.netloop.api.volume.Overlays;
import org.netloop.api.volume.Overlays.OpenOverlay;
import org.netloop.api.volume.Overlays.OpenSnapshot;
import org.netloop.api.volume.Volume;

import picocli.CommandLine.Option;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/** Options that make a volume writable. */
final class OverlayOptions {
    @Option(
            names = "--overlay",
            paramLabel = "DIR",
            description =
                    "Make it writable, and keep what is written in DIR, made if it is not there;"
                            + " 'memory' keeps it in memory, until the command ends")
    private @Nullable String place;

    @Option(
            names = "--overlay-budget",
            paramLabel = "SIZE",
            converter = SizeConverter.class,
            description =
                    "With --overlay: how much room it may take (default: what the disk has); a"
                            + " writer gets ENOSPC beyond it")
    private long budget = Overlays.UNLIMITED;

    @Option(
            names = "--overlay-snapshot",
            paramLabel = "NAME",
            description =
                    "With --overlay: show this snapshot of it, read-only; DIR may be in use by"
                            + " another process")
    private @Nullable String snapshot;

    /**
     * Volume to attach.
     *
     * @param volume the overlay, or the volume itself
     * @param overlay closes the overlay or snapshot, if there is one
     */
    record Top(Volume volume, Closeable overlay) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            overlay.close();
        }
    }

    /**
     * Opens the overlay, if one is wanted.
     *
     * @param installed null if nothing is installed that makes one
     */
    Top open(Volume base, @Nullable Overlays installed) throws IOException {
        String wanted = place;
        if (wanted == null) {
            if (budget != Overlays.UNLIMITED) {
                throw new IllegalArgumentException("--overlay-budget needs --overlay");
            }
            if (snapshot != null) {
                throw new IllegalArgumentException("--overlay-snapshot needs --overlay");
            }
            return new Top(base, () -> {});
        }
        if (snapshot != null && budget != Overlays.UNLIMITED) {
            throw new IllegalArgumentException(
                    "--overlay-budget limits what is written, and a snapshot is read-only");
        }
        if (installed == null) {
            throw new IOException(
                    "nothing is installed that makes a volume writable; install the feature"
                            + " overlay");
        }
        if (snapshot != null) {
            OpenSnapshot shown = installed.openSnapshot(base, Path.of(wanted), snapshot);
            return new Top(shown, shown::close);
        }
        OpenOverlay opened = installed.open(base, wanted, budget);
        return new Top(opened, opened::close);
    }
}
