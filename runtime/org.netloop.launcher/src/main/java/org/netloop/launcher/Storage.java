package org.netloop.launcher;

import org.jspecify.annotations.Nullable;
import org.netloop.api.message.Failures;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/**
 * A directory of one process, which nobody else may look into: code is loaded from it. As long as
 * the process lives it holds a lock on the file {@code lock} inside, whatever PID namespace it runs
 * in; what processes left that were killed is removed by the next one of the same user.
 */
public final class Storage {
    /** {@code bin/netloop} makes directories of this name too, each for the process it starts. */
    static final String PREFIX = "netloop-process-";

    private static final String LOCK = "lock";
    private static final String FRAMEWORK = "framework";
    private static final Duration EMPTY_FOR_LONG = Duration.ofDays(1);

    /** Closing any channel of a locked file gives up the lock, so that these are left alone. */
    private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

    private final Path directory;
    private final FileChannel lock;

    private Storage(Path directory, FileChannel lock) {
        this.directory = directory;
        this.lock = lock;
    }

    /**
     * Creates the storage of this process: the directory for temporary files, if it was made for
     * that, else a new one inside it.
     *
     * @throws IOException if there is no room, or it may not be written
     */
    public static Storage make() throws IOException {
        Path temporary = Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath();
        Path name = temporary.getFileName();
        Path parent = temporary.getParent();
        if (name == null || parent == null || !name.toString().startsWith(PREFIX)) {
            return make(temporary);
        }
        FileChannel lock = lock(temporary);
        if (lock == null) {
            // Of the process that started this one.
            return make(temporary);
        }
        removeAbandoned(parent);
        return new Storage(temporary, lock);
    }

    /** A new one in a directory, which is made if it is not there. */
    static Storage make(Path parent) throws IOException {
        if (!Files.isDirectory(parent)) {
            Files.createDirectories(parent, PosixFilePermissions.asFileAttribute(owner()));
        }
        while (true) {
            byte[] random = new byte[Long.BYTES];
            ThreadLocalRandom.current().nextBytes(random);
            Path made = parent.resolve(PREFIX + HexFormat.of().formatHex(random));
            try {
                Files.createDirectory(made, PosixFilePermissions.asFileAttribute(owner()));
            } catch (FileAlreadyExistsException _) {
                continue;
            }
            FileChannel lock = lock(made);
            if (lock != null) {
                removeAbandoned(parent);
                return new Storage(made, lock);
            }
        }
    }

    private static Set<PosixFilePermission> owner() {
        return PosixFilePermissions.fromString("rwx------");
    }

    /**
     * The lock appears under its name only once it is held: who finds one that it can take, finds
     * it abandoned. Null if another process has it.
     */
    private static @Nullable FileChannel lock(Path directory) throws IOException {
        OWN.add(directory);
        Path file = directory.resolve(LOCK);
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            OWN.remove(directory);
            return null;
        }
        Path aside = directory.resolve(LOCK + ".new");
        FileChannel channel =
                FileChannel.open(aside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        channel.lock();
        Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
        return channel;
    }

    /** Returns its path. */
    public Path directory() {
        return directory;
    }

    /** Returns the directory of the framework's own files. */
    public Path framework() {
        return directory.resolve(FRAMEWORK);
    }

    private static void removeAbandoned(Path parent) {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(parent, PREFIX + "*")) {
            for (Path other : all) {
                if (!OWN.contains(other) && isOurs(other)) {
                    removeIfAbandoned(other);
                }
            }
        } catch (IOException _) {
            // What cannot be looked at or removed now is there for the next one.
        }
    }

    private static boolean isOurs(Path directory) throws IOException {
        Path of = OWN.iterator().next();
        return Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
                && Files.getOwner(directory, LinkOption.NOFOLLOW_LINKS)
                        .equals(Files.getOwner(of, LinkOption.NOFOLLOW_LINKS));
    }

    private static void removeIfAbandoned(Path directory) throws IOException {
        Path file = directory.resolve(LOCK);
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            removeIfEmptyForLong(directory);
            return;
        }
        try (FileChannel channel =
                        FileChannel.open(
                                file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
                FileLock held = channel.tryLock()) {
            if (held != null) {
                removeTree(directory);
            }
        } catch (OverlappingFileLockException _) {
            // Of this very process.
        }
    }

    /**
     * Removes the empty directory of a process that ended before it could take its lock; a starting
     * process takes less than a day.
     */
    private static void removeIfEmptyForLong(Path directory) throws IOException {
        FileTime changed = Files.getLastModifiedTime(directory, LinkOption.NOFOLLOW_LINKS);
        if (changed.toInstant().isBefore(Instant.now().minus(EMPTY_FOR_LONG))) {
            try (Stream<Path> content = Files.list(directory)) {
                if (content.findAny().isEmpty()) {
                    Files.deleteIfExists(directory);
                }
            }
        }
    }

    /** Two processes may do it at once: what is gone is gone. */
    private static void removeTree(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                Files.deleteIfExists(path);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** Removes it with all that is in it, and gives up the lock. */
    public void delete() {
        try (lock) {
            removeTree(directory);
        } catch (IOException e) {
            if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
                System.err.println(
                        "netloop: " + directory + " is left behind: " + Failures.sentence(e));
            }
        }
        OWN.remove(directory);
    }
}
