package org.netloop.engine.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.netloop.engine.volume.SignedRepository.signing;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.api.index.Reference;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.Transport;
import org.netloop.api.trust.FileChunks;
import org.netloop.api.trust.TrustSpec;
import org.netloop.api.volume.VolumeException;
import org.netloop.api.volume.Volumes.OpenVolume;
import org.netloop.api.volume.Volumes.VolumeSpec;
import org.netloop.engine.volume.SignedRepository.Key;
import org.netloop.format.raw.RawFormat;
import org.netloop.transport.file.FileTransport;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Tests a file that is read in place under a policy of trust. */
@Timeout(60)
class SignedFileTest {
    private static final Key OURS = Key.make();
    private static final Key STRANGE = Key.make();
    private static final int LENGTH = 3 * FileChunks.SHORTEST + 1000 * 512;

    @TempDir private Path temporary;
    private Duration patience = Duration.ofSeconds(30);
    private Engine engine;
    private Path file;
    private final byte[] content = new byte[LENGTH];

    @BeforeEach
    void start() throws IOException {
        new Random(5).nextBytes(content);
        file = Files.write(temporary.resolve("disk.img"), content);
        engine =
                new Engine(
                        4 << 20,
                        Duration.ofSeconds(1),
                        temporary.resolve("state"),
                        InstantSource.system(),
                        temporary.resolve("trust"));
        engine.bindTransport(new FileTransport(), Map.of(Transport.SCHEMES, "file"));
        engine.bindFormat(new RawFormat(), Map.of());
        engine.bindVerifier(SignedRepository.SIGNIFY, Map.of());
    }

    private OpenVolume open(TrustSpec trust) throws Exception {
        return engine.open(
                new VolumeSpec("v", Reference.parse(file.toString()), List.of(), patience)
                        .withTrust(trust));
    }

    private static TrustSpec ours() {
        return new TrustSpec(List.of(OURS.publicKey()), 1, List.of(), "");
    }

    private static byte[] read(OpenVolume volume, long offset, int length) throws Exception {
        ByteBuffer into = ByteBuffer.allocate(length);
        volume.read(offset, into);
        return into.array();
    }

    @Test
    void aSignedFileIsReadAndAnUnsignedOneIsNot() throws Exception {
        assertThatThrownBy(() -> open(ours()))
                .isInstanceOf(FetchException.Untrusted.class)
                .hasMessageContainingAll("is not signed", "disk.img.sig");
        signing(Duration.ofDays(1), "", OURS).signFile(file);
        try (OpenVolume volume = open(ours())) {
            assertThat(read(volume, 0, LENGTH)).isEqualTo(content);
            assertThat(read(volume, LENGTH - 700, 700))
                    .isEqualTo(Arrays.copyOfRange(content, LENGTH - 700, LENGTH));
        }
    }

    @Test
    void aFileSignedByAStrangeKeyOrUnderAnotherNameIsRefused() throws Exception {
        signing(Duration.ofDays(1), "", STRANGE).signFile(file);
        assertThatThrownBy(() -> open(ours())).isInstanceOf(FetchException.Untrusted.class);

        Path other = Files.write(temporary.resolve("other.img"), content);
        signing(Duration.ofDays(1), "", OURS).signFile(other);
        Files.delete(temporary.resolve("disk.img.sig"));
        Files.move(temporary.resolve("other.img.sig"), temporary.resolve("disk.img.sig"));
        assertThatThrownBy(() -> open(ours()))
                .isInstanceOf(FetchException.Untrusted.class)
                .hasMessageContaining("is a signature of 'other.img'");
    }

    @Test
    void aChangedByteIsAnErrorOfItsChunkAlone() throws Exception {
        patience = Duration.ofSeconds(2);
        signing(Duration.ofDays(1), "", OURS).signFile(file);
        var time = Files.getLastModifiedTime(file);
        try (RandomAccessFile changed = new RandomAccessFile(file.toFile(), "rw")) {
            changed.seek(8L * FileChunks.SHORTEST + 5);
            changed.write(content[8 * FileChunks.SHORTEST + 5] ^ 1);
        }
        Files.setLastModifiedTime(file, time);
        try (OpenVolume volume = open(ours())) {
            assertThat(read(volume, 100, 1000)).isEqualTo(Arrays.copyOfRange(content, 100, 1100));
            assertThatThrownBy(() -> read(volume, 8L * FileChunks.SHORTEST, 4096))
                    .isInstanceOf(VolumeException.class)
                    .hasMessageContaining("than those that were signed");
        }
    }
}
