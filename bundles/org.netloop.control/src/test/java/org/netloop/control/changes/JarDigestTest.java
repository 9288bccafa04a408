package org.netloop.control.changes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;

import java.io.ByteArrayOutputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

final class JarDigestTest {
    @TempDir private Path directory;

    @Test
    void aJarIsCopiedInPartsAndItsDigestIsThatOfTheWhole() throws Exception {
        byte[] bytes = new byte[5 * JarDigest.PART + 7];
        new Random(1).nextBytes(bytes);
        Path jar = Files.write(directory.resolve("a.jar"), bytes);
        ByteArrayOutputStream copy = new ByteArrayOutputStream();
        String digest =
                JarDigest.copy(
                        jar,
                        part -> {
                            assertThat(part.remaining()).isLessThanOrEqualTo(JarDigest.PART);
                            copy.write(part.array(), part.position(), part.remaining());
                        });
        String whole = Digest.of(DigestAlgorithm.SHA256, ByteBuffer.wrap(bytes)).toString();
        assertThat(digest).isEqualTo(whole).isEqualTo(JarDigest.of(jar));
        assertThat(copy.toByteArray()).isEqualTo(bytes);
    }

    @Test
    void aJarThatIsTooLongIsRefused() throws Exception {
        Path jar = directory.resolve("a.jar");
        try (RandomAccessFile file = new RandomAccessFile(jar.toFile(), "rw")) {
            file.setLength((512L << 20) + 1);
        }
        assertThatThrownBy(() -> JarDigest.of(jar)).isInstanceOf(FileSystemException.class);
    }

    @Test
    void aJarThatIsNotWhatItWasIsNotKept() throws Exception {
        ChangeStore store = new ChangeStore(Files.createDirectory(directory.resolve("kept")));
        Path jar = Files.write(directory.resolve("a.jar"), new byte[9]);
        String other = Digest.of(DigestAlgorithm.SHA256, ByteBuffer.wrap(new byte[8])).toString();
        assertThatThrownBy(() -> store.keepJar("a", other, jar))
                .hasMessageContaining("was changed while it was copied");
        assertThat(directory.resolve("kept/bundles")).isEmptyDirectory();
    }
}
