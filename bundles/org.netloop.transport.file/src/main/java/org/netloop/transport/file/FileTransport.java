package org.netloop.transport.file;

import org.jspecify.annotations.Nullable;
import org.netloop.api.message.Failures;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchRequest;
import org.netloop.api.transport.Fetched;
import org.netloop.api.transport.Repository;
import org.netloop.api.transport.Transport;
import org.osgi.service.component.annotations.Component;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;

/** Reads objects of a directory, and opens it for publishing. Scheme {@code file}. */
@Component(service = Transport.class, property = Transport.SCHEMES + "=file")
public final class FileTransport implements Transport {

    /** Created by Declarative Services and {@link java.util.ServiceLoader}. */
    public FileTransport() {}

    @Override
    public Fetched fetch(FetchRequest request, ByteBuffer into)
            throws FetchException, InterruptedException {
        Path path = path(request.uri());
        String before = validator(path);
        if (before != null && before.equals(request.known())) {
            return Fetched.unchanged(before);
        }
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            long size = read(path, file, request, into);
            // All of what is replaced meanwhile is all of the one or the other.
            if (!request.isWhole() && !Objects.equals(before, validator(path))) {
                throw new FetchException.Unavailable(path + " changed while it was read", null);
            }
            return new Fetched(size, before);
        } catch (FetchException e) {
            throw e;
        } catch (NoSuchFileException e) {
            throw new FetchException.Missing(path + " does not exist", e);
        } catch (AccessDeniedException e) {
            throw new FetchException.Denied(
                    path + " may not be read by " + System.getProperty("user.name"), e);
        } catch (ClosedByInterruptException _) {
            throw interrupted(path);
        } catch (FileSystemException e) {
            throw failure(path, e);
        } catch (IOException e) {
            throw new FetchException.Unavailable(
                    path + " cannot be read: " + Failures.sentence(e), e);
        }
    }

    /**
     * Returns a validator made of a file's identity and its time of modification; null for what
     * cannot be looked at, as opening it tells why. Images that are one file are named by it:
     * whatever else it held, overlays and profiles of such images would no longer be of them.
     *
     * @throws FetchException.Missing for what is no file: a pipe would be waited for until somebody
     *     writes to it, which no interrupt ends; a device may have no end, and a directory has no
     *     bytes
     */
    private static @Nullable String validator(Path path) throws FetchException.Missing {
        BasicFileAttributes found;
        try {
            found = Files.readAttributes(path, BasicFileAttributes.class);
        } catch (IOException _) {
            return null;
        }
        if (!found.isRegularFile()) {
            throw new FetchException.Missing(
                    path
                            + (found.isDirectory()
                                    ? " is a directory, not an object"
                                    : " is a device, a pipe or a socket, not an object"));
        }
        return found.fileKey() + " " + found.lastModifiedTime();
    }

    private static FetchException failure(Path path, FileSystemException e) {
        if (Files.isDirectory(path)) {
            return new FetchException.Missing(path + " is a directory, not an object", e);
        }
        return isBelowFile(path)
                ? new FetchException.Missing(path + " does not exist: it would be below a file", e)
                : new FetchException.Unavailable(Failures.sentence(e), e);
    }

    /** Opening such a path fails in a way that only its message tells apart. */
    private static boolean isBelowFile(Path path) {
        Path above = path.getParent();
        while (above != null && !Files.exists(above)) {
            above = above.getParent();
        }
        return above != null && !Files.isDirectory(above);
    }

    private static InterruptedException interrupted(Path path) {
        // The channel left the flag set; the exception stands for it now.
        Thread.interrupted();
        return new InterruptedException("reading " + path + " was interrupted");
    }

    /** The size of the file, whose wanted bytes are in {@code into} then. */
    private static long read(Path path, FileChannel file, FetchRequest request, ByteBuffer into)
            throws IOException {
        long size = file.size();
        if (request.offset() > 0 && request.offset() >= size) {
            throw new FetchException.Corrupt(
                    path + " has " + size + " bytes where byte " + request.offset() + " is wanted");
        }
        long left = size - request.offset();
        long wanted =
                request.length() == FetchRequest.TO_END ? left : Math.min(left, request.length());
        if (wanted > into.remaining()) {
            throw new FetchException.Corrupt(
                    path
                            + " has "
                            + wanted
                            + " bytes where at most "
                            + into.remaining()
                            + " belong");
        }
        int limit = into.limit();
        into.limit(into.position() + (int) wanted);
        long at = request.offset();
        while (into.hasRemaining()) {
            int count = file.read(into, at);
            if (count < 0) {
                throw new FetchException.Unavailable(
                        path + " became shorter while it was read", null);
            }
            at += count;
        }
        into.limit(limit);
        return size;
    }

    private static Path path(URI uri) throws FetchException.Missing {
        try {
            // A query is for the index format, not a part of the file's name.
            return Path.of(uri.getRawQuery() == null ? uri : uri.resolve(uri.getRawPath()));
        } catch (IllegalArgumentException e) {
            throw new FetchException.Missing(uri + " names no file: " + e.getMessage(), e);
        }
    }

    @Override
    public Repository open(URI base) throws FetchException {
        Path directory = path(base);
        try {
            return new DirectoryRepository(directory);
        } catch (AccessDeniedException e) {
            throw new FetchException.Denied(directory + " may not be written", e);
        } catch (IOException e) {
            throw new FetchException.Unavailable(
                    directory + " cannot be opened: " + Failures.sentence(e), e);
        }
    }
}
