package org.netloop.api.trust;

import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.file.AtomicFile;
import org.netloop.api.transport.FetchException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Puts the statement of a file that is an image by itself beside it. Stateless. */
final class FileStatement {
    private FileStatement() {}

    static void put(Path file, Signing signing) throws IOException {
        Path name = file.toAbsolutePath().normalize().getFileName();
        if (name == null || !Files.isRegularFile(file)) {
            throw new FetchException.Missing(file + " is not a file that could be signed");
        }
        Path place = file.resolveSibling(Statement.pathOf(name.toString()));
        Optional<Statement> before = before(place, signing);
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long length = channel.size();
            int chunk = FileChunks.lengthFor(length);
            ByteBuffer digests = digests(file, channel, length, chunk);
            Statement statement =
                    new Statement(
                            Statement.Role.FILE,
                            repository(before, signing),
                            name.toString(),
                            Signing.serialAfter(before, now),
                            now,
                            null,
                            chunk,
                            length,
                            Digest.of(DigestAlgorithm.SHA256, digests),
                            digests);
            AtomicFile.write(place, signing.seal(statement));
        }
    }

    private static ByteBuffer digests(Path file, FileChannel channel, long length, int chunk)
            throws IOException {
        ByteBuffer digests =
                ByteBuffer.allocate(Math.toIntExact(FileChunks.digestsLength(length, chunk)));
        ByteBuffer bytes = ByteBuffer.allocate(chunk);
        for (long at = 0; at < length; at += chunk) {
            bytes.clear().limit((int) Math.min(chunk, length - at));
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
                // to the end of the chunk
            }
            if (bytes.hasRemaining() || channel.size() != length) {
                throw new IOException(file + " was changed while it was signed; sign it again");
            }
            FileChunks.append(bytes.flip(), digests);
        }
        return digests.flip();
    }

    private static String repository(Optional<Statement> before, Signing signing) {
        return signing.repository().isEmpty()
                ? before.map(Statement::repository).orElseGet(Signing::randomRepository)
                : signing.repository();
    }

    private static Optional<Statement> before(Path place, Signing signing) throws IOException {
        try {
            return Files.size(place) > Statement.MAX_CONTENT + Statement.MAX_ENVELOPE
                    ? Optional.empty()
                    : signing.statement(
                            place.toString(), ByteBuffer.wrap(Files.readAllBytes(place)));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }
}
