package org.netloop.api.file;

import org.jspecify.annotations.Nullable;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
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
import java.util.Set;
import java.util.UUID;

/**
 * A file that takes its place when it is complete and durable, at once or not at all. Used by one
 * thread.
 *
 * <p>Its bytes are written beside the target, into a part whose name nobody can guess and which is
 * made anew, never opened through a link. Of several writers to one name each has a part of its
 * own, and the last one to finish wins with the whole of its bytes. A symbolic link stays: the file
 * it leads to is replaced. A file that is replaced keeps its owner, group and mode; hard links to
 * it, access control lists and extended attributes are not carried over. A writer that is killed
 * leaves its part behind ({@code .NAME.netloop-…}); the next one to the same name deletes it, as
 * nobody {@linkplain HeldLock holds} it.
 */
public final class AtomicFile implements Closeable {
    private static final Set<StandardOpenOption> NEW =
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    private static final String PART = ".netloop-";

    /** A part's name is longer than its target's, and a name has 255 bytes at the most. */
    private static final int LONGEST_PREFIX = 60;

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
     * Begins to write a file.
     *
     * @param name its name, or that of a link to it; its directory must be there
     * @param attributes of a file that is not there yet; by default its mode is as the umask has it
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
            Path part = target.resolveSibling(prefix(target) + UUID.randomUUID());
            FileChannel channel = FileChannel.open(part, NEW, made);
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

    /** Writes a whole file. */
    public static void write(Path name, ByteBuffer bytes, FileAttribute<?>... attributes)
            throws IOException {
        try (AtomicFile file = create(name, attributes)) {
            file.write(bytes);
            file.finish();
        }
    }

    private static String prefix(Path target) {
        String name = FileTarget.name(target);
        return "." + name.substring(0, Math.min(LONGEST_PREFIX, name.length())) + PART;
    }

    private static void deleteAbandoned(Path target) throws IOException {
        String prefix = prefix(target);
        try (DirectoryStream<Path> parts =
                Files.newDirectoryStream(
                        target.resolveSibling(""),
                        path -> FileTarget.name(path).startsWith(prefix))) {
            for (Path part : parts) {
                deleteIfAbandoned(part);
            }
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

    /** Gives the part to the owner of the file it replaces: first, as the mode may be wide. */
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
     * Writes the remaining bytes, all of them, to a place in the file; what lies between its end
     * and that place is a hole.
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

    /** How many bytes the file has up to now. */
    public long size() throws IOException {
        return channel.size();
    }

    /**
     * Puts the file in its place. It survives a power cut when this returns.
     *
     * @throws IOException if it cannot; what was there before still is
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
