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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Holds a file for as long as it is in use: the kernel ends the lock with the process, however that
 * dies, and shows it to every container that shares the file system. A file that nobody holds is
 * abandoned. (A process number would tell neither: containers have the same ones, and numbers are
 * used again.)
 *
 * <p>The kernel's locks belong to a process, and closing any descriptor of a file ends those that
 * the process has on it. So the files that this process holds are remembered, and never opened once
 * more to be looked at. On a file system without locks nothing is ever taken for abandoned. Called
 * by many threads at once.
 */
public final class HeldLock implements Closeable {
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path file;

    private HeldLock(Path file) {
        this.file = file;
    }

    /**
     * Holds a file that was just made.
     *
     * @param channel of the file, opened for writing; to be closed after the lock
     * @throws NoSuchFileException if somebody took the file for abandoned and deleted it before it
     *     was held; make another one
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

    /** Waits for nobody but those who look whether it is abandoned, which takes a moment. */
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
     * Deletes something if nobody holds the file that stands for it, and then that file.
     *
     * @param file is not opened through a symbolic link, nor at all if it is no regular file: to
     *     open a pipe that somebody planted would wait for its other end
     * @param deletion of what the file stands for, which is made while nobody else can hold it
     * @return whether it was abandoned
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

    /** One name for one file; the directory above it may be reached through links. */
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
