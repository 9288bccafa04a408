package org.netloop.api.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads files that people name and that are small: a key, a secret, a profile. The size that a file
 * system gives bounds nothing, because a device and a pipe have none and a file grows; so no more
 * than the limit is ever read. Stateless.
 */
public final class SmallFile {
    private SmallFile() {}

    /**
     * Reads a whole file. A pipe is read to its end, which may wait for its writer.
     *
     * @param most bytes that it may have
     * @throws FileSystemException if it is longer
     */
    public static ByteBuffer read(Path file, int most) throws IOException {
        if (Files.isDirectory(file)) {
            // What the JDK says when it is read names no file.
            throw new FileSystemException(file.toString(), null, "Is a directory");
        }
        try (InputStream stream = Files.newInputStream(file)) {
            byte[] bytes = stream.readNBytes(most + 1);
            if (bytes.length > most) {
                throw new FileSystemException(
                        file.toString(),
                        null,
                        "it is longer than the " + most + " bytes that are read of such a file");
            }
            return ByteBuffer.wrap(bytes);
        }
    }

    /**
     * Reads a whole file as text in UTF-8.
     *
     * @param most bytes that it may have
     * @throws FileSystemException if it is longer
     * @throws CharacterCodingException if it is not UTF-8
     */
    public static String text(Path file, int most) throws IOException {
        return UTF_8.newDecoder().decode(read(file, most)).toString();
    }
}
