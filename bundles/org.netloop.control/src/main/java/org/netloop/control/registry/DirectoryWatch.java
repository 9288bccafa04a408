package org.netloop.control.registry;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Looks at the files of a directory again and again, and tells when they have become others. Files
 * that change from one look to the next are being written, and waited for. Looking finds a change
 * on any file system, and behind links, where being notified would not.
 */
public final class DirectoryWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DirectoryWatch.class);

    private record Stamp(FileTime modified, long length, Object key) {}

    /** What is done when files have changed. */
    @FunctionalInterface
    public interface Changed {
        /** Called by one thread. */
        void run() throws InterruptedException;
    }

    private final Path directory;
    private final String glob;
    private final Duration every;
    private final Changed changed;
    private final Thread watching;

    /**
     * Begins to look.
     *
     * @param directory need not be there
     * @param glob which of its files
     * @param every how often
     * @param changed what is done; also once at the beginning if the directory has such files
     */
    public DirectoryWatch(Path directory, String glob, Duration every, Changed changed) {
        this.directory = directory;
        this.glob = glob;
        this.every = every;
        this.changed = changed;
        this.watching = Thread.ofVirtual().name("watch-" + directory).start(this::watch);
    }

    private void watch() {
        Map<Path, Stamp> told = Map.of();
        Map<Path, Stamp> last = Map.of();
        try {
            while (true) {
                Map<Path, Stamp> now = look(last);
                if (now.equals(last) && !now.equals(told)) {
                    told = now;
                    tell();
                }
                last = now;
                Thread.sleep(every);
            }
        } catch (InterruptedException _) {
            LOG.debug("{} is not watched any more", directory);
        }
    }

    /** It watches on, whatever came of one change. */
    private void tell() throws InterruptedException {
        try {
            changed.run();
        } catch (RuntimeException | LinkageError e) {
            LOG.error("a change of {} could not be dealt with", directory, e);
        }
    }

    private Map<Path, Stamp> look(Map<Path, Stamp> before) {
        Map<Path, Stamp> stamps = new HashMap<>();
        if (!Files.isDirectory(directory)) {
            return stamps;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, glob)) {
            for (Path file : files) {
                BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
                stamps.put(
                        file,
                        new Stamp(
                                now.lastModifiedTime(),
                                now.size(),
                                Objects.requireNonNullElse(now.fileKey(), "")));
            }
            return stamps;
        } catch (IOException e) {
            // A file went between the two questions: the next look sees what came of it.
            LOG.debug("{} cannot be looked at: {}", directory, e.getMessage());
            return before;
        }
    }

    /** Looks no more; what is being done is told to give up. */
    @Override
    public void close() {
        watching.interrupt();
    }
}
