package org.netloop.overlay;

import org.netloop.api.file.PrivateDirectory;
import org.netloop.api.file.WriteFailures;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * A file on disk. The JDK closes a file under all its users when the thread of one is interrupted:
 * it is opened again then, and what was asked for is done. Thread-safe.
 */
final class DiskFile implements Storage.File {
    private static final Set<StandardOpenOption> ANEW =
            Set.of(
                    StandardOpenOption.CREATE_NEW,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
    private static final Set<StandardOpenOption> WRITABLE =
            Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE);
    private static final Set<StandardOpenOption> READ_ONLY = Set.of(StandardOpenOption.READ);

    private final Path path;

    /** Options to open it again with. */
    private final Set<StandardOpenOption> again;

    /** Changed under the monitor only. */
    private volatile FileChannel channel;

    /** Guarded by the monitor. */
    private boolean closed;

    private DiskFile(Path path, Set<StandardOpenOption> again, FileChannel channel) {
        this.path = path;
        this.again = again;
        this.channel = channel;
    }

    static DiskFile create(Path path) throws IOException {
        try {
            return new DiskFile(
                    path, WRITABLE, FileChannel.open(path, ANEW, PrivateDirectory.ownersFile()));
        } catch (IOException e) {
            throw failure(path, e);
        }
    }

    static DiskFile open(Path path) throws IOException {
        return new DiskFile(path, WRITABLE, FileChannel.open(path, WRITABLE));
    }

    /** Opens a file to be read only, as one of a copy or mount that nobody may write to. */
    static DiskFile look(Path path) throws IOException {
        return new DiskFile(path, READ_ONLY, FileChannel.open(path, READ_ONLY));
    }

    private static IOException failure(Path path, IOException e) {
        IOException told = WriteFailures.of(path, e);
        String reason = String.valueOf(e.getMessage());
        boolean full = reason.contains("No space left") || reason.contains("quota exceeded");
        return full ? new StorageFullException(String.valueOf(told.getMessage()), told) : told;
    }

    @FunctionalInterface
    private interface Operation<T> {
        T on(FileChannel channel) throws IOException;
    }

    private <T> T run(Operation<T> operation) throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                FileChannel current = channel;
                try {
                    return operation.on(current);
                } catch (ClosedChannelException e) {
                    interrupted |= Thread.interrupted();
                    replace(current, e);
                } catch (IOException e) {
                    throw failure(path, e);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @SuppressWarnings("ReferenceEquality") // another thread may have opened it again
    private synchronized void replace(FileChannel broken, ClosedChannelException why)
            throws IOException {
        if (closed) {
            throw why;
        }
        if (channel == broken) {
            channel = FileChannel.open(path, again);
        }
    }

    @Override
    public void read(ByteBuffer into, long position) throws IOException {
        int start = into.position();
        run(
                current -> {
                    into.position(start);
                    while (into.hasRemaining()) {
                        if (current.read(into, position + into.position() - start) < 0) {
                            throw new EOFException(path + " is shorter than it should be");
                        }
                    }
                    return into;
                });
    }

    @Override
    public void write(ByteBuffer from, long position) throws IOException {
        int start = from.position();
        run(
                current -> {
                    from.position(start);
                    while (from.hasRemaining()) {
                        current.write(from, position + from.position() - start);
                    }
                    return from;
                });
    }

    @Override
    public void force() throws IOException {
        run(
                current -> {
                    current.force(false);
                    return current;
                });
    }

    @Override
    public void truncate(long length) throws IOException {
        run(current -> current.truncate(length));
    }

    @Override
    public long size() throws IOException {
        return run(FileChannel::size);
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        channel.close();
    }
}
