package org.netloop.api.file;

import org.jspecify.annotations.Nullable;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * File that appears under its name when it is complete and durable, atomically or not at all. Used
 * by one thread.
 *
 * <p>Its bytes are written beside the target, into a part with an unpredictable name that is newly
 * created, never opened through a link. Several writers to one name have a part each, and the last
 * one to finish wins with all of its bytes. A symbolic link stays: the file it leads to is
 * replaced. A file that is replaced keeps its owner, group and mode; hard links to it, access
 * control lists and extended attributes are not carried over. A writer that is killed leaves its
 * part behind ({@code .NAME.netloop-…}); the next writer to the same name deletes it, because it is
 * not {@linkplain HeldLock held}. Only files with the exact name of a part are deleted.
 */
public final class AtomicFile implements Closeable {
    private static final Set<StandardOpenOption> NEW =
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    private static final int ATTEMPTS = 10;

    private final Path target;
    private final Path part;
    private final FileChannel channel;
    private final HeldLock lock;
    private final @Nullable FileMode replaced;
    private boolean finished;

    private AtomicFile(
            Path target,
            Path part,
            FileChannel channel,
            HeldLock lock,
            @Nullable FileMode replaced) {
        this.target = target;
        this.part = part;
        this.channel = channel;
        this.lock = lock;
        this.replaced = replaced;
    }

    /**
     * Starts to write a file.
     *
     * @param name its name, or that of a link to it; its directory must exist
     * @param attributes attributes of a new file; by default its mode follows the umask
     * @throws FileSystemException if the name is that of a directory, device, FIFO or socket, or of
     *     a file whose owner this process may not give to another one
     */
    public static AtomicFile create(Path name, FileAttribute<?>... attributes) throws IOException {
        Path target = FileTarget.of(name);
        boolean exists = Files.exists(target, LinkOption.NOFOLLOW_LINKS);
        if (exists && !Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileSystemException(
                    target.toString(), null, "it is not a file, and cannot be replaced by one");
        }
        deleteAbandoned(target);
        boolean unix = target.getFileSystem().supportedFileAttributeViews().contains(FileMode.VIEW);
        FileMode replaced = exists && unix ? FileMode.of(target) : null;
        FileAttribute<?>[] made =
                replaced == null
                        ? attributes
                        : new FileAttribute<?>[] {PrivateDirectory.ownersFile()};
        for (int attempt = 1; ; attempt++) {
            Path part = PartName.fresh(target);
            FileChannel channel = open(part, target, made);
            try {
                HeldLock lock = HeldLock.hold(part, channel);
                AtomicFile file = new AtomicFile(target, part, channel, lock, replaced);
                file.takeOwners();
                return file;
            } catch (NoSuchFileException e) {
                channel.close(); // taken for abandoned before it was held
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            } catch (IOException | RuntimeException e) {
                channel.close();
                Files.deleteIfExists(part);
                throw e;
            }
        }
    }

    /** A failure names the file that people know, not its part. */
    private static FileChannel open(Path part, Path target, FileAttribute<?>... attributes)
            throws IOException {
        try {
            return FileChannel.open(part, NEW, attributes);
        } catch (FileSystemException e) {
            String name = target.toString();
            FileSystemException told =
                    switch (e) {
                        case AccessDeniedException _ -> new AccessDeniedException(name);
                        case NoSuchFileException _ -> new NoSuchFileException(name);
                        default -> new FileSystemException(name, null, e.getReason());
                    };
            told.initCause(e);
            throw told;
        }
    }

    /**
     * Starts to write a file that no other writer is writing. If two start at the same moment, both
     * may be refused.
     *
     * @throws FileSystemException if there is another writer, in this process or elsewhere, or for
     *     the reasons of {@link #create}
     */
    public static AtomicFile createAlone(Path name, FileAttribute<?>... attributes)
            throws IOException {
        AtomicFile file = create(name, attributes);
        try {
            for (Path other : parts(file.target)) {
                if (!other.equals(file.part)) {
                    throw new FileSystemException(
                            file.target.toString(),
                            null,
                            "another process is writing it, as "
                                    + FileTarget.name(other)
                                    + "; wait until it has finished (or delete that file, if none"
                                    + " is), or write to another name");
                }
            }
            return file;
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** Writes a whole file. */
    public static void write(Path name, ByteBuffer bytes, FileAttribute<?>... attributes)
            throws IOException {
        try (AtomicFile file = create(name, attributes)) {
            file.write(bytes);
            file.finish();
        }
    }

    private static void deleteAbandoned(Path target) throws IOException {
        for (Path part : parts(target)) {
            deleteIfAbandoned(part);
        }
    }

    private static List<Path> parts(Path target) throws IOException {
        try (DirectoryStream<Path> parts =
                Files.newDirectoryStream(
                        target.resolveSibling(""), path -> PartName.isOf(target, path))) {
            List<Path> found = new ArrayList<>();
            parts.forEach(found::add);
            return found;
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    private static void deleteIfAbandoned(Path part) {
        try {
            HeldLock.deleteIfAbandoned(part, () -> {});
        } catch (IOException _) {
            // It belongs to somebody else, or there are no locks here: it does no harm.
        }
    }

    /** Gives the part to the owner of the file it replaces: before the mode, which may be wide. */
    private void takeOwners() throws IOException {
        FileMode old = replaced;
        if (old == null) {
            return;
        }
        FileMode mine = FileMode.of(part, LinkOption.NOFOLLOW_LINKS);
        try {
            if (mine.uid() != old.uid()) {
                Files.setAttribute(part, FileMode.VIEW + ":uid", old.uid());
            }
            if (mine.gid() != old.gid()) {
                Files.setAttribute(part, FileMode.VIEW + ":gid", old.gid());
            }
        } catch (FileSystemException e) {
            FileSystemException told =
                    new FileSystemException(
                            target.toString(),
                            null,
                            "it belongs to the user '"
                                    + old.owner()
                                    + "' and the group '"
                                    + old.group()
                                    + "', to whom this process may not give the file that replaces"
                                    + " it; write to another name, or delete it first");
            told.initCause(e);
            throw told;
        }
    }

    /** Appends the remaining bytes, all of them. */
    public void write(ByteBuffer bytes) throws IOException {
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            throw WriteFailures.of(target, e);
        }
    }

    /**
     * Writes the remaining bytes, all of them, to a place in the file; the range between its end
     * and that place becomes a hole.
     *
     * @param offset of the first of them, at least 0
     */
    public void write(ByteBuffer bytes, long offset) throws IOException {
        try {
            long at = offset;
            while (bytes.hasRemaining()) {
                at += channel.write(bytes, at);
            }
        } catch (IOException e) {
            throw WriteFailures.of(target, e);
        }
    }

    /** Returns the number of bytes written so far. */
    public long size() throws IOException {
        return channel.size();
    }

    /**
     * Moves the file to its place. Once this returns, it survives a power cut.
     *
     * @throws IOException if that fails; the former file, if any, stays
     */
    public void finish() throws IOException {
        try {
            if (replaced != null) {
                Files.setAttribute(part, FileMode.VIEW + ":mode", replaced.permissions());
            }
            channel.force(true);
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw WriteFailures.of(target, e);
        }
        finished = true;
        try (FileChannel directory =
                FileChannel.open(target.resolveSibling(""), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    /** Gives up if {@link #finish} did not succeed: nothing is left behind. */
    @Override
    public void close() throws IOException {
        try (channel;
                lock) {
            if (!finished) {
                Files.deleteIfExists(part);
            }
        }
    }
}
