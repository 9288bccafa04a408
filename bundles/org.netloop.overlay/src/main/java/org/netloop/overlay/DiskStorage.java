package org.netloop.overlay;

import org.jspecify.annotations.Nullable;
import org.netloop.api.file.AtomicFile;
import org.netloop.api.file.HeldLock;
import org.netloop.api.file.PrivateDirectory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** A directory on disk, held against every other process and every other user of this one. */
final class DiskStorage implements Storage {
    private static final String LOCK = "lock";
    private static final Set<StandardOpenOption> LOCKING =
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE);

    private final Path directory;
    private final @Nullable FileChannel lockFile;
    private final @Nullable HeldLock lock;

    private DiskStorage(Path directory, @Nullable FileChannel lockFile, @Nullable HeldLock lock) {
        this.directory = directory;
        this.lockFile = lockFile;
        this.lock = lock;
    }

    /**
     * Opens a directory, made if it is not there.
     *
     * @throws IOException if others may write to it, or somebody has it open
     */
    static DiskStorage hold(Path wanted) throws IOException {
        Path directory = create(wanted);
        Path file = directory.resolve(LOCK);
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)
                && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(file + " is not a regular file: it cannot lock the overlay");
        }
        FileChannel channel = FileChannel.open(file, LOCKING, PrivateDirectory.ownersFile());
        Optional<HeldLock> held = Optional.empty();
        try {
            held = HeldLock.tryHold(file, channel);
            if (held.isEmpty()) {
                throw new IOException(
                        "the overlay "
                                + directory
                                + " is in use by another volume or process; stop that first, or use"
                                + " another directory");
            }
            return new DiskStorage(directory, channel, held.get());
        } finally {
            if (held.isEmpty()) {
                channel.close();
            }
        }
    }

    /** Creates a directory, if it is not there, so that it survives a power cut. */
    private static Path create(Path wanted) throws IOException {
        Path before = wanted.toAbsolutePath();
        while (!Files.exists(before)) {
            before = before.resolveSibling("").normalize();
        }
        Path made = PrivateDirectory.create(wanted);
        Path there = before.toRealPath();
        for (Path at = made; !at.equals(there) && at.getNameCount() > 0; ) {
            at = at.resolveSibling("").normalize();
            sync(at);
        }
        return made;
    }

    /** Returns whether a process holds a directory now. */
    static boolean isHeld(Path directory) throws IOException {
        Path file = directory.resolve(LOCK);
        return Files.exists(file) && HeldLock.isHeld(file);
    }

    /**
     * A directory that is there, to be read whoever holds it: for what does not change in it. It
     * may be one that cannot be written to.
     */
    static DiskStorage look(Path directory) throws IOException {
        return new DiskStorage(directory.toRealPath(), null, null);
    }

    @Override
    public String place() {
        return directory.toString();
    }

    @Override
    public File create(String name) throws IOException {
        return DiskFile.create(directory.resolve(name));
    }

    @Override
    public File open(String name) throws IOException {
        Path file = directory.resolve(name);
        return lock == null ? DiskFile.look(file) : DiskFile.open(file);
    }

    @Override
    public List<String> names() throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.map(path -> String.valueOf(path.getFileName())).toList();
        }
    }

    @Override
    public void delete(String name) throws IOException {
        Files.deleteIfExists(directory.resolve(name));
    }

    @Override
    public void sync() throws IOException {
        sync(directory);
    }

    private static void sync(Path directory) throws IOException {
        boolean interrupted = Thread.interrupted();
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public byte[] read(String name) throws IOException {
        return Files.readAllBytes(directory.resolve(name));
    }

    @Override
    public void replace(String name, byte[] bytes) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            AtomicFile.write(
                    directory.resolve(name), ByteBuffer.wrap(bytes), PrivateDirectory.ownersFile());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() throws IOException {
        if (lock != null) {
            lock.close();
        }
        if (lockFile != null) {
            lockFile.close();
        }
    }
}
