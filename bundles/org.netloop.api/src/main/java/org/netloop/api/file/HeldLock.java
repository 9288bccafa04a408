package org.netloop.api.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Lock on a file for as long as it is in use: the kernel ends the lock with the process, however
 * that dies, and shows it to every container that shares the file system. A file without a lock is
 * abandoned. (A process number would not do: containers have equal ones, and numbers are reused.)
 *
 * <p>The kernel's locks belong to a process, and closing any descriptor of a file ends those that
 * the process has on it. The files that this process holds are therefore remembered, and never
 * opened a second time for a check. On a file system without locks no file counts as abandoned.
 * Called by many threads at once.
 */
public final class HeldLock implements Closeable {
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path file;

    private HeldLock(Path file) {
        this.file = file;
    }

    /**
     * Locks a newly created file.
     *
     * @param channel of the file, opened for writing; to be closed after the lock
     * @throws NoSuchFileException if another process deleted the file as abandoned before it was
     *     locked; create another one
     */
    public static HeldLock hold(Path file, FileChannel channel) throws IOException {
        Path held = absolute(file);
        if (!HELD.add(held)) {
            throw new IllegalStateException(file + " is held by this process already");
        }
        try {
            lock(channel);
            if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                throw new NoSuchFileException(file.toString());
            }
            return new HeldLock(held);
        } catch (IOException | RuntimeException e) {
            HELD.remove(held);
            throw e;
        }
    }

    /**
     * Holds a file unless somebody holds it already, in this process or another; never waits.
     *
     * @param channel of the file, opened for writing; to be closed after the lock
     * @return empty if somebody holds it; {@code channel} is still to be closed then
     */
    public static Optional<HeldLock> tryHold(Path file, FileChannel channel) throws IOException {
        Path held = absolute(file);
        if (!HELD.add(held)) {
            return Optional.empty();
        }
        boolean ours = false;
        try {
            ours = tryLock(channel, false);
        } finally {
            if (!ours) {
                HELD.remove(held);
            }
        }
        return ours ? Optional.of(new HeldLock(held)) : Optional.empty();
    }

    /** Tries to lock a file; on a file system without locks, only within this process. */
    private static boolean tryLock(FileChannel channel, boolean shared) throws IOException {
        try {
            return channel.tryLock(0, Long.MAX_VALUE, shared) != null;
        } catch (OverlappingFileLockException _) {
            return false;
        } catch (ClosedChannelException e) {
            throw e;
        } catch (IOException _) {
            return true;
        }
    }

    /**
     * Returns whether a file is held now, in this process or another. It need not be writable: a
     * shared lock, which whoever holds it excludes, is taken for a moment.
     */
    public static boolean isHeld(Path file) throws IOException {
        Path held = absolute(file);
        if (!HELD.add(held)) {
            return true;
        }
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            return !tryLock(channel, true);
        } finally {
            HELD.remove(held);
        }
    }

    /** Waits only for processes that check whether it is abandoned, which takes a moment. */
    private static void lock(FileChannel channel) throws ClosedChannelException {
        try {
            FileLock _ = channel.lock();
        } catch (ClosedChannelException e) {
            throw e;
        } catch (IOException _) {
            // The file system has no locks: the file is used all the same, and no left-over of it
            // is ever deleted.
        }
    }

    /**
     * Deletes an object if the file that represents it is not locked, and then that file.
     *
     * @param file not opened through a symbolic link, and only if it is a regular file: opening a
     *     planted pipe would wait for its other end
     * @param deletion deletes the object, while no other process can lock the file
     * @return true if it was abandoned
     */
    public static boolean deleteIfAbandoned(Path file, Deletion deletion) throws IOException {
        Path held = absolute(file);
        if (!Files.isRegularFile(held, LinkOption.NOFOLLOW_LINKS) || !HELD.add(held)) {
            return false;
        }
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            if (channel.tryLock() == null) {
                return false;
            }
            deletion.run();
            return Files.deleteIfExists(file);
        } catch (NoSuchFileException | OverlappingFileLockException _) {
            return false;
        } finally {
            HELD.remove(held);
        }
    }

    /** Deletes what a file stands for. */
    @FunctionalInterface
    public interface Deletion {
        /** Deletes it. */
        void run() throws IOException;
    }

    /** Returns one name for one file; the directory above it may be reached through links. */
    private static Path absolute(Path file) throws IOException {
        Path name = file.getFileName();
        Path parent = file.toAbsolutePath().getParent();
        if (name == null || parent == null) {
            throw new IllegalArgumentException("'" + file + "' is not the name of a file");
        }
        return parent.toRealPath().resolve(name);
    }

    /** Lets go. Others see it when the channel is closed. */
    @Override
    public void close() {
        HELD.remove(file);
    }
}
