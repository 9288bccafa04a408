package org.netloop.command;

import org.jspecify.annotations.Nullable;
import org.netloop.api.message.Failures;
import org.netloop.api.profile.Profile;
import org.netloop.api.profile.ProfileFiles;
import org.netloop.api.profile.ProfileFormat;
import org.netloop.api.volume.Recording;
import org.netloop.api.volume.Volumes.OpenVolume;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Recording of a profile while a volume is read. */
final class RecordOptions {
    private static final Logger LOG = LoggerFactory.getLogger(RecordOptions.class);
    private static final long WRITE_EVERY_MS = 2_000;

    @Option(
            names = "--record-profile",
            paramLabel = "FILE",
            description =
                    "Record which blocks are read; FILE is updated every two seconds, and"
                            + " at the end")
    private @Nullable Path file;

    @Option(
            names = "--record-name",
            paramLabel = "NAME",
            defaultValue = Profile.BOOT,
            description = "Name of the recorded profile (default ${DEFAULT-VALUE})")
    private String name = Profile.BOOT;

    @Option(
            names = "--record-for",
            paramLabel = "SECONDS",
            description = "Duration of the recording (default: until the command ends)")
    private long seconds;

    /** Begins to record; null if it is not asked for. */
    @Nullable Writer begin(OpenVolume volume, List<ProfileFormat> formats) throws IOException {
        if (file == null) {
            return null;
        }
        if (formats.isEmpty()) {
            throw new IOException("profiles cannot be written: install the feature profile");
        }
        Writer writer =
                new Writer(
                        volume.record(name),
                        formats.getFirst(),
                        file.toAbsolutePath(),
                        seconds * 1000);
        writer.write();
        writer.thread.start();
        return writer;
    }

    /** Writes what was recorded until it is closed. */
    static final class Writer implements AutoCloseable {
        private final Recording recording;
        private final ProfileFormat format;
        private final Path file;
        private final long millis;
        private final Thread thread;
        private int written = -1;

        private Writer(Recording recording, ProfileFormat format, Path file, long millis) {
            this.recording = recording;
            this.format = format;
            this.file = file;
            this.millis = millis;
            this.thread = Thread.ofVirtual().name("record").unstarted(this::run);
        }

        private void run() {
            long began = System.nanoTime();
            try {
                for (long left = millis; millis == 0 || left > 0; ) {
                    Thread.sleep(millis == 0 ? WRITE_EVERY_MS : Math.min(left, WRITE_EVERY_MS));
                    write();
                    left = millis - (System.nanoTime() - began) / 1_000_000;
                }
                recording.close();
            } catch (InterruptedException _) {
                LOG.debug("the recording ends");
            } catch (IOException e) {
                LOG.warn(
                        "the recording ends, because it cannot be written: {}",
                        Failures.sentence(e));
            }
        }

        /** Writes the file; a reader always sees all of it. */
        private synchronized void write() throws IOException {
            int now = recording.blocks();
            if (now == written) {
                return;
            }
            ProfileFiles.write(format, recording.profile(), file);
            written = now;
        }

        @Override
        public void close() throws IOException {
            // A file is closed when its thread is interrupted, and this thread may be.
            boolean interrupted = Thread.interrupted();
            try {
                thread.interrupt();
                write();
                recording.close();
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }
}
