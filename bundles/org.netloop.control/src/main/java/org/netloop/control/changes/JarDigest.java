package org.netloop.control.changes;

import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;

/** SHA-256 of jars, of which no more than a part is in memory at a time. Stateless. */
final class JarDigest {
    /** Bytes of a part. */
    static final int PART = 64 << 10;

    private static final long LONGEST = 512L << 20;

    private JarDigest() {}

    /** Takes the parts of a jar, in their order. */
    @FunctionalInterface
    interface Sink {
        /** Takes the remaining bytes, which change after that. */
        void write(ByteBuffer part) throws IOException;
    }

    /**
     * Returns the digest of a jar, written with its algorithm.
     *
     * @throws FileSystemException if it is longer than a bundle may be
     */
    static String of(Path jar) throws IOException {
        return copy(jar, _ -> {});
    }

    /**
     * Copies a jar; returns the digest of what was copied.
     *
     * @throws FileSystemException if it is longer than a bundle may be
     */
    static String copy(Path jar, Sink to) throws IOException {
        MessageDigest engine = DigestAlgorithm.SHA256.newMessageDigest();
        byte[] part = new byte[PART];
        long length = 0;
        try (InputStream in = Files.newInputStream(jar)) {
            for (int count = in.read(part); count >= 0; count = in.read(part)) {
                length += count;
                if (length > LONGEST) {
                    throw new FileSystemException(
                            jar.toString(), null, "it is longer than " + LONGEST + " bytes");
                }
                engine.update(part, 0, count);
                to.write(ByteBuffer.wrap(part, 0, count));
            }
        }
        return new Digest(DigestAlgorithm.SHA256, engine.digest()).toString();
    }
}
