package org.netloop.transport.file;

import org.netloop.api.file.HeldLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A directory of one publisher, {@code .netloop/tmp/ID}, where objects are written before they take
 * their places. A lock on {@code ID.lock} is held while the publisher lives; whoever comes later
 * deletes what nobody holds. Thread-safe.
 */
final class Aside implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(Aside.class);
    private static final String LOCK = ".lock";

    /** Age after which a directory without a lock is abandoned: an earlier version had no locks. */
    private static final Duration STALE = Duration.ofDays(1);

    private static final int ATTEMPTS = 10;

    private final Path directory;
    private final Path lockFile;
    private final FileChannel channel;
    private final HeldLock lock;
    private final AtomicLong next = new AtomicLong();

    private Aside(Path directory, Path lockFile, FileChannel channel, HeldLock lock) {
        this.directory = directory;
        this.lockFile = lockFile;
        this.channel = channel;
        this.lock = lock;
    }

    /**
     * Makes a directory of its own, and deletes those of publishers that died.
     *
     * @param parent where all of them lie; made if it is not there
     */
    static Aside open(Path parent) throws IOException {
        Files.createDirectories(parent);
        deleteAbandoned(parent);
        for (int attempt = 1; ; attempt++) {
            String id = UUID.randomUUID().toString();
            Path lockFile = parent.resolve(id + LOCK);
            FileChannel channel =
                    FileChannel.open(
                            lockFile, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            try {
                HeldLock lock = HeldLock.hold(lockFile, channel);
                Path directory = Files.createDirectory(parent.resolve(id));
                return new Aside(directory, lockFile, channel, lock);
            } catch (NoSuchFileException e) {
                channel.close(); // another publisher took it for abandoned before it was held
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        }
    }

    private static void deleteAbandoned(Path parent) throws IOException {
        Instant before = Instant.now().minus(STALE);
        try (DirectoryStream<Path> all = Files.newDirectoryStream(parent)) {
            for (Path path : all) {
                try {
                    deleteIfAbandoned(path, before);
                } catch (IOException e) {
                    // Of another user, or deleted by another publisher just now: it does no harm.
                    LOG.debug("{} is not deleted: {}", path, e.toString());
                }
            }
        }
    }

    private static void deleteIfAbandoned(Path path, Instant before) throws IOException {
        String name = path.getFileName().toString();
        boolean deleted;
        if (name.endsWith(LOCK)) {
            String id = name.substring(0, name.length() - LOCK.length());
            Path directory = path.resolveSibling(id);
            deleted = HeldLock.deleteIfAbandoned(path, () -> delete(directory));
        } else if (Files.isDirectory(path) || Files.exists(path.resolveSibling(name + LOCK))) {
            deleted = false;
        } else {
            deleted =
                    Files.getLastModifiedTime(path).toInstant().isBefore(before)
                            && Files.deleteIfExists(path);
        }
        if (deleted) {
            LOG.info("deleted {}, left by a publisher that died", path);
        }
    }

    private static void delete(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (DirectoryStream<Path> parts = Files.newDirectoryStream(directory)) {
            for (Path part : parts) {
                Files.deleteIfExists(part);
            }
        }
        Files.deleteIfExists(directory);
    }

    /** A name that no other file has, on the file system of the repository. */
    Path next() {
        return directory.resolve(Long.toString(next.incrementAndGet()));
    }

    /** Deletes the directory, and what was not moved out of it. */
    @Override
    public void close() throws IOException {
        try (channel;
                lock) {
            delete(directory);
            Files.deleteIfExists(lockFile);
        }
    }
}
