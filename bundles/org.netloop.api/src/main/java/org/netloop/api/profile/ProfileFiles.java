package org.netloop.api.profile;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/** Profiles in files, as commands take and leave them. Stateless. */
public final class ProfileFiles {
    private ProfileFiles() {}

    /**
     * Reads a file of at most {@link ProfileFormat#MAX_LENGTH} bytes.
     *
     * @throws IOException if it cannot be read, is longer, or holds no profile
     */
    public static Profile read(ProfileFormat format, Path file) throws IOException {
        if (Files.size(file) > ProfileFormat.MAX_LENGTH) {
            throw new IOException(
                    file
                            + " is longer than the "
                            + ProfileFormat.MAX_LENGTH
                            + " bytes of a profile");
        }
        return format.read(file.toString(), ByteBuffer.wrap(Files.readAllBytes(file)));
    }

    /**
     * Writes a file, or replaces it: whoever reads it sees the whole of the one or of the other.
     *
     * @throws IOException if it cannot be written; what was there before still is
     */
    public static void write(ProfileFormat format, Profile profile, Path file) throws IOException {
        ByteBuffer document = format.write(profile);
        Path name = Objects.requireNonNull(file.getFileName(), "a file has a name");
        Path fresh = file.resolveSibling(name + ".new");
        try (FileChannel channel =
                FileChannel.open(
                        fresh,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            while (document.hasRemaining()) {
                channel.write(document);
            }
            channel.force(true);
        }
        Files.move(
                fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
