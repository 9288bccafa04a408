package org.netloop.publish;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Extent;
import org.netloop.api.message.Failures;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** An image that is a file or a block device. Holes are skipped where the system tells of them. */
final class FileSource implements ImageSource {
    private static final Logger LOG = LoggerFactory.getLogger(FileSource.class);

    private final Path path;
    private final FileChannel channel;
    private final long size;
    private @Nullable PosixFile holes;
    private Extent current = new Extent(0, 1, false);

    private FileSource(Path path, FileChannel channel, long size, @Nullable PosixFile holes) {
        this.path = path;
        this.channel = channel;
        this.size = size;
        this.holes = holes;
    }

    /** Opens a regular file or a block device. */
    static FileSource open(Path path) throws IOException {
        Optional<PosixFile> posix = PosixFile.open(path);
        try {
            Path again = posix.map(PosixFile::reopen).orElse(path);
            FileChannel channel = FileChannel.open(again, StandardOpenOption.READ);
            return new FileSource(path, channel, size(path, posix), posix.orElse(null));
        } catch (IOException | RuntimeException e) {
            posix.ifPresent(PosixFile::close);
            throw e;
        }
    }

    /** The size of a block device is where its end is: as a file it has none. */
    private static long size(Path path, Optional<PosixFile> posix) throws IOException {
        Optional<Long> end =
                posix.isPresent() ? posix.get().seek(0, PosixFile.SEEK_END) : Optional.empty();
        if (end.isPresent()) {
            return end.get();
        }
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
            return file.length();
        }
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public Extent extent(long offset) {
        if (offset < current.offset() || offset >= current.end()) {
            current = seek(offset);
        }
        return new Extent(offset, current.end() - offset, current.hole());
    }

    private Extent seek(long offset) {
        PosixFile file = holes;
        if (file != null) {
            try {
                long data = file.seek(offset, PosixFile.SEEK_DATA).orElse(size);
                long end =
                        data > offset ? data : file.seek(offset, PosixFile.SEEK_HOLE).orElse(size);
                long bounded = Math.clamp(end, offset + 1, size);
                return new Extent(offset, bounded - offset, data > offset);
            } catch (IOException e) {
                LOG.info("holes of {} are read like data: {}", path, Failures.sentence(e));
                file.close();
                holes = null;
            }
        }
        return new Extent(offset, size - offset, false);
    }

    @Override
    public int read(ByteBuffer into, long offset) throws IOException {
        int wanted = (int) Math.min(into.remaining(), size - offset);
        into.limit(into.position() + wanted);
        long at = offset;
        while (into.hasRemaining()) {
            int count = channel.read(into, at);
            if (count < 0) {
                throw new IOException(
                        path
                                + " ended at "
                                + at
                                + " of "
                                + size
                                + " bytes: it was made shorter while it was read; publish it"
                                + " again");
            }
            at += count;
        }
        return wanted;
    }

    @Override
    public void close() throws IOException {
        PosixFile file = holes;
        try (channel) {
            if (file != null) {
                file.close();
            }
        }
    }
}
