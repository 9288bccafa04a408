package org.netloop.engine.trust;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;
import org.netloop.api.file.AtomicFile;
import org.netloop.api.file.PrivateDirectory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * File pair that records what was accepted of one channel: written twice, so that damage to one
 * file is not taken for a channel that was never seen. Each file holds one line: the sequence, a
 * space, and the SHA-256 of the channel's bytes. Used by one thread.
 *
 * @param directory need not be there
 * @param name of the first file; the second one ends in {@code .copy}
 */
record SeenFile(Path directory, String name) {
    private static final int LONGEST = 256;

    /**
     * Accepted root.
     *
     * @param sequence at least 0
     * @param root of the channel's bytes
     */
    record Seen(long sequence, Digest root) {
        private static @Nullable Seen parse(String line) {
            String[] parts = line.split(" ", 2);
            try {
                Seen seen =
                        parts.length == 2
                                ? new Seen(Long.parseLong(parts[0]), Digest.parse(parts[1].strip()))
                                : null;
                return seen != null && seen.toString().equals(line) ? seen : null;
            } catch (IllegalArgumentException _) {
                return null;
            }
        }

        @Override
        public String toString() {
            return sequence + " " + root + "\n";
        }
    }

    /**
     * Contents of both files.
     *
     * @param seen the newest that one of them has intact; null if none has
     * @param damaged those that are there and not intact
     */
    record Content(@Nullable Seen seen, List<Path> damaged) {
        Content and(Content other) {
            Seen mine = seen;
            Seen theirs = other.seen;
            boolean newer = theirs != null && (mine == null || theirs.sequence() > mine.sequence());
            return new Content(newer ? theirs : mine, damaged.isEmpty() ? other.damaged : damaged);
        }
    }

    private Path first() {
        return directory.resolve(name);
    }

    private Path second() {
        return directory.resolve(name + ".copy");
    }

    Content read() throws IOException {
        return read(first()).and(read(second()));
    }

    private static Content read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer bytes = ByteBuffer.allocate(LONGEST);
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
                // to the end, or as much as one has
            }
            Seen seen = Seen.parse(UTF_8.decode(bytes.flip()).toString());
            return new Content(seen, seen == null ? List.of(file) : List.of());
        } catch (NoSuchFileException _) {
            // Nothing was accepted before, or it could not be written.
            return new Content(null, List.of());
        }
    }

    void write(Seen seen) throws IOException {
        PrivateDirectory.create(directory);
        for (Path file : List.of(second(), first())) {
            ByteBuffer line = UTF_8.encode(seen.toString());
            try {
                AtomicFile.write(file, line.duplicate(), PrivateDirectory.ownersFile());
            } catch (IOException e) {
                overwrite(file, line, e);
            }
        }
    }

    /**
     * Writes over a file that is there, which a full disk has room for. If that is torn, the other
     * file is intact.
     *
     * @param why the file cannot be replaced, if it cannot be written over either
     */
    private static void overwrite(Path file, ByteBuffer line, IOException why) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            int length = line.remaining();
            while (line.hasRemaining()) {
                channel.write(line);
            }
            channel.truncate(length);
            channel.force(true);
        } catch (IOException e) {
            why.addSuppressed(e);
            throw why;
        }
    }
}
