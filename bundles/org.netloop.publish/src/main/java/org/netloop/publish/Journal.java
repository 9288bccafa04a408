package org.netloop.publish;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.file.PrivateDirectory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/**
 * A file of blocks known to be durable in one repository, so that a later run neither encodes nor
 * puts them again. Written by one publisher at a time: it is locked while open. Thread-safe.
 *
 * <p>Grammar, big-endian: a header of the 8 bytes {@code NLKNOWN1}, 32 bytes that stand for
 * repository and options, and a CRC32C of both; then records of equal length: digest of the plain
 * bytes, digest of the stored bytes, stored length (4 bytes), form (1 byte: 0 plain, 1 encoded),
 * CRC32C of the record. A file with another header is begun anew; a record with another CRC is as
 * if it was not there.
 */
final class Journal implements AutoCloseable {
    private static final String FILE_NAME = "known-blocks";
    private static final long MAGIC = 0x4e4c_4b4e_4f57_4e31L;
    private static final int HEADER_LENGTH = Long.BYTES + 32 + Integer.BYTES;
    private static final int RECORDS_AT_ONCE = 1024;
    private static final Set<OpenOption> OPTIONS =
            Set.of(
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE,
                    LinkOption.NOFOLLOW_LINKS);

    private final FileChannel file;
    private final DigestAlgorithm algorithm;
    private final int recordLength;
    private final ByteBuffer header;
    private long end = HEADER_LENGTH;

    private Journal(FileChannel file, DigestAlgorithm algorithm, Digest identity) {
        this.file = file;
        this.algorithm = algorithm;
        this.recordLength = KnownBlock.recordLength(algorithm) + Integer.BYTES;
        this.header = ByteBuffer.allocate(HEADER_LENGTH).putLong(MAGIC);
        identity.write(header);
        header.putInt(crc(header.array(), 0, header.position())).flip();
    }

    /**
     * Opens the journal of a directory, which is made if it is not there, and reads it. What others
     * wrote there would be believed: a directory that they may write to is refused.
     *
     * @param identity stands for the repository and all options a stored form depends on; a SHA-256
     * @param capacity of more records than that, the older ones are dropped
     * @param known is told of each record
     * @return empty if another publisher has it open
     */
    static Optional<Journal> open(
            Path directory,
            DigestAlgorithm algorithm,
            Digest identity,
            int capacity,
            Consumer<KnownBlock> known)
            throws IOException {
        Path checked = PrivateDirectory.create(directory);
        FileChannel file =
                FileChannel.open(
                        checked.resolve(FILE_NAME), OPTIONS, PrivateDirectory.ownersFile());
        try {
            if (lock(file) == null) {
                file.close();
                return Optional.empty();
            }
            Journal journal = new Journal(file, algorithm, identity);
            journal.load(capacity, known);
            return Optional.of(journal);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private static @Nullable FileLock lock(FileChannel file) throws IOException {
        try {
            return file.tryLock();
        } catch (OverlappingFileLockException _) {
            return null; // by this very process: no different from another one
        }
    }

    /** Adds blocks, which must be durable in the repository by now. */
    synchronized void append(Collection<KnownBlock> blocks) throws IOException {
        ByteBuffer out = ByteBuffer.allocate(RECORDS_AT_ONCE * recordLength);
        for (KnownBlock block : blocks) {
            int begin = out.position();
            block.write(out);
            out.putInt(crc(out.array(), begin, out.position() - begin));
            if (!out.hasRemaining()) {
                end = write(out.flip(), end);
                out.clear();
            }
        }
        end = write(out.flip(), end);
    }

    /** Forgets everything, durably: what it told of can no more be relied upon. */
    synchronized void restart() throws IOException {
        file.truncate(0);
        end = write(header.duplicate(), 0);
        file.force(true);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private void load(int capacity, Consumer<KnownBlock> known) throws IOException {
        ByteBuffer found = ByteBuffer.allocate(HEADER_LENGTH);
        read(found, 0);
        if (!found.flip().equals(header)) {
            restart();
            return;
        }
        long count = (file.size() - HEADER_LENGTH) / recordLength;
        long first = count > capacity ? count - capacity / 2 : 0;
        byte[] bytes = new byte[RECORDS_AT_ONCE * recordLength];
        ByteBuffer chunk = ByteBuffer.wrap(bytes);
        for (long at = first; at < count; at += RECORDS_AT_ONCE) {
            chunk.clear().limit((int) Math.min(RECORDS_AT_ONCE, count - at) * recordLength);
            long position = HEADER_LENGTH + at * recordLength;
            read(chunk, position);
            int valid = keepValid(bytes, chunk.position(), known);
            boolean inPlace = end == position && valid == chunk.position();
            end = inPlace ? end + valid : write(chunk.position(0).limit(valid), end);
        }
        file.truncate(end);
    }

    /**
     * Tells of the valid records among so many bytes, moves them to the front, and returns their
     * end.
     */
    private int keepValid(byte[] bytes, int length, Consumer<KnownBlock> known) {
        int kept = 0;
        for (int at = 0; at + recordLength <= length; at += recordLength) {
            ByteBuffer record = ByteBuffer.wrap(bytes, at, recordLength);
            KnownBlock block = KnownBlock.read(algorithm, record);
            if (block != null && record.getInt() == crc(bytes, at, recordLength - Integer.BYTES)) {
                known.accept(block);
                System.arraycopy(bytes, at, bytes, kept, recordLength);
                kept += recordLength;
            }
        }
        return kept;
    }

    private void read(ByteBuffer into, long position) throws IOException {
        long at = position;
        while (into.hasRemaining()) {
            int count = file.read(into, at);
            if (count < 0) {
                return;
            }
            at += count;
        }
    }

    private long write(ByteBuffer from, long position) throws IOException {
        long at = position;
        while (from.hasRemaining()) {
            at += file.write(from, at);
        }
        return at;
    }

    private static int crc(byte[] bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }
}
