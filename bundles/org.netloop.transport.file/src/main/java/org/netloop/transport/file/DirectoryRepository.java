package org.netloop.transport.file;

import org.jspecify.annotations.Nullable;
import org.netloop.api.file.AtomicFile;
import org.netloop.api.file.WriteFailures;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.ObjectWriter;
import org.netloop.api.transport.Repository;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * A repository in a directory. Objects are written aside, on the same file system, and renamed;
 * {@link #sync} makes them all durable in one call to the kernel. Thread-safe.
 */
final class DirectoryRepository implements Repository {
    private static final String OWN = ".netloop";

    private final Path directory;
    private final Durability durability = new Durability();

    /**
     * Directory that holds all objects: the repository itself, or its parent if the repository is
     * one file.
     */
    private volatile Path home;

    private final Object asideLock = new Object();
    private volatile @Nullable Aside aside;

    private final Set<Path> knownDirectories = ConcurrentHashMap.newKeySet();

    DirectoryRepository(Path directory) throws IOException {
        this.directory = directory.toAbsolutePath().normalize();
        this.home = this.directory;
    }

    @Override
    public URI base() {
        return directory.toUri();
    }

    private Path resolve(String path) {
        Path relative = Path.of(path);
        Path target = directory.resolve(relative).normalize();
        if (path.isEmpty()
                || relative.isAbsolute()
                || !relative.normalize().equals(relative)
                || target.startsWith(directory) != home.equals(directory)
                || target.equals(home)
                || !target.startsWith(home)
                || target.startsWith(home.resolve(OWN))) {
            throw new IllegalArgumentException("'" + path + "' is not a valid object path");
        }
        return target;
    }

    @Override
    public OptionalLong length(String path) throws IOException {
        Path file = resolve(path);
        try {
            return Files.isRegularFile(file)
                    ? OptionalLong.of(Files.size(file))
                    : OptionalLong.empty();
        } catch (NoSuchFileException _) {
            return OptionalLong.empty();
        }
    }

    @Override
    public ByteBuffer read(String path, int maxLength) throws IOException {
        try (FileChannel file = FileChannel.open(resolve(path), StandardOpenOption.READ)) {
            if (file.size() > maxLength) {
                throw new FetchException.Corrupt(
                        directory.resolve(path)
                                + " has "
                                + file.size()
                                + " bytes where at most "
                                + maxLength
                                + " belong");
            }
            ByteBuffer bytes = ByteBuffer.allocate((int) file.size());
            while (bytes.hasRemaining() && file.read(bytes) >= 0) {
                // until it is full, or the file was cut meanwhile
            }
            return bytes.flip().asReadOnlyBuffer();
        } catch (NoSuchFileException e) {
            throw new FetchException.Missing(directory.resolve(path) + " does not exist", e);
        }
    }

    @Override
    public void put(String path, ByteBuffer bytes, Kind kind) throws IOException {
        Path target = resolve(path);
        try {
            makeDirectory(target.resolveSibling(""));
            Path part = writeAside(bytes, kind != Kind.BLOCK);
            try {
                Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                Files.deleteIfExists(part);
                throw e;
            }
        } catch (IOException e) {
            throw WriteFailures.of(target, e);
        }
        durability.written(target);
    }

    /**
     * An object that is there with the same bytes is not written once more: it is made durable with
     * the others, and gets the time of now, so that whoever deletes what nobody needs spares it.
     */
    @Override
    public boolean putOnce(String path, ByteBuffer bytes, Kind kind) throws IOException {
        Path target = resolve(path);
        boolean present = hasBytes(target, bytes);
        if (!present || !isTouched(target)) {
            put(path, bytes, kind);
        } else {
            durability.written(target);
        }
        return present;
    }

    private static boolean hasBytes(Path file, ByteBuffer bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() != bytes.remaining()) {
                return false;
            }
            ByteBuffer there = ByteBuffer.allocate(bytes.remaining());
            while (there.hasRemaining() && channel.read(there) >= 0) {
                // until it is full, or the file was cut meanwhile
            }
            return there.flip().equals(bytes);
        } catch (ClosedByInterruptException e) {
            throw e;
        } catch (IOException _) {
            return false; // not there, or not readable: it is put in place of that
        }
    }

    private static boolean isTouched(Path file) {
        try {
            Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
            return true;
        } catch (IOException _) {
            return false; // of another user: it can still be replaced
        }
    }

    @Override
    public ObjectWriter write(String path) throws IOException {
        Path target = path.isEmpty() ? directory : resolve(path);
        if (Files.isDirectory(target)) {
            throw new IOException(target + " is a directory; the name of a file is needed");
        }
        if (path.isEmpty()) {
            home = directory.resolveSibling("");
        }
        makeDirectory(target.resolveSibling(""));
        return new FileWriter(AtomicFile.create(target));
    }

    private Path writeAside(ByteBuffer bytes, boolean force) throws IOException {
        Path part = aside().next();
        try (FileChannel file =
                FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
            if (force) {
                file.force(true);
            }
            return part;
        } catch (IOException e) {
            Files.deleteIfExists(part);
            throw e;
        }
    }

    /** Made with the first object: a repository that is only read is not written to. */
    private Aside aside() throws IOException {
        Aside open = aside;
        if (open != null) {
            return open;
        }
        synchronized (asideLock) {
            open = aside;
            if (open == null) {
                open = Aside.open(home.resolve(OWN).resolve("tmp"));
                aside = open;
            }
            return open;
        }
    }

    private void makeDirectory(Path wanted) throws IOException {
        if (!knownDirectories.contains(wanted)) {
            Files.createDirectories(wanted);
            knownDirectories.add(wanted);
        }
    }

    @Override
    public void sync() throws IOException {
        if (Files.isDirectory(home)) {
            durability.sync(home);
        }
    }

    @Override
    public Stream<Entry> list(String prefix) throws IOException {
        int slash = prefix.lastIndexOf('/');
        Path start = slash < 0 ? directory : resolve(prefix.substring(0, slash));
        if (!Files.isDirectory(start)) {
            return Stream.empty();
        }
        return Files.walk(start)
                .flatMap(file -> entry(file).stream())
                .filter(
                        entry ->
                                entry.path().startsWith(prefix)
                                        && !entry.path().startsWith(OWN + "/"));
    }

    /** A file of the directory; empty if it is none, or was deleted since it was found. */
    private Optional<Entry> entry(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return attributes.isRegularFile()
                    ? Optional.of(
                            new Entry(
                                    directory.relativize(file).toString(),
                                    attributes.size(),
                                    attributes.lastModifiedTime().toInstant()))
                    : Optional.empty();
        } catch (NoSuchFileException _) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void delete(String path) throws IOException {
        Path file = resolve(path);
        if (Files.deleteIfExists(file)) {
            durability.written(file);
        }
    }

    @Override
    public void close() throws IOException {
        durability.forget();
        Aside open = aside;
        if (open != null) {
            open.close();
        }
    }
}
