package org.netloop.api.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.api.transport.FetchException;
import org.netloop.api.trust.Statement.Role;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** Tests the signing of a file that is an image by itself, and keys out of files. */
class SignedFileTest {
    private static final int CHUNK = FileChunks.SHORTEST;

    @TempDir Path directory;

    private final FakeSigner signer = new FakeSigner();
    private Path image;

    @BeforeEach
    void makeImage() throws IOException {
        byte[] bytes = new byte[2 * CHUNK + 3];
        bytes[CHUNK] = 1;
        image = Files.write(directory.resolve("disk.img"), bytes);
    }

    private Signing signing(String repository) {
        return new Signing(
                signer, List.of(FakeSigner.secret("one")), Duration.ofDays(1), repository);
    }

    private Statement statement() throws IOException {
        byte[] sealed = Files.readAllBytes(directory.resolve("disk.img.sig"));
        return Statement.parse("it", signer.open("it", ByteBuffer.wrap(sealed)).message());
    }

    @Test
    void eachChunkOfItIsSigned() throws Exception {
        signing("here").signFile(image);
        Statement statement = statement();
        assertThat(statement.role()).isEqualTo(Role.FILE);
        assertThat(statement.path()).isEqualTo("disk.img");
        assertThat(statement.repository()).isEqualTo("here");
        assertThat(statement.length()).isEqualTo(2 * CHUNK + 3);
        assertThat(statement.expires()).isEmpty();
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(image));
        for (int chunk = 0; chunk < 3; chunk++) {
            int length = Math.min(CHUNK, bytes.capacity() - chunk * CHUNK);
            assertThat(
                            FileChunks.matches(
                                    statement.content(), chunk, bytes.slice(chunk * CHUNK, length)))
                    .isTrue();
        }
    }

    @Test
    void signedAgainItKeepsItsIdentityAndGetsAGreaterSerial() throws Exception {
        signing("").signFile(image);
        Statement first = statement();
        assertThat(UUID.fromString(first.repository())).isNotNull();
        signing("").signFile(image);
        assertThat(statement().repository()).isEqualTo(first.repository());
        assertThat(statement().serial()).isGreaterThan(first.serial());
        signing("there").signFile(image);
        assertThat(statement().repository()).isEqualTo("there");
    }

    @Test
    void aStatementThatIsNoneIsReplaced() throws Exception {
        Path place = directory.resolve("disk.img.sig");
        for (int length : new int[] {0, 10, Statement.MAX_CONTENT + Statement.MAX_ENVELOPE + 1}) {
            Files.write(place, new byte[length]);
            signing("here").signFile(image);
            assertThat(statement().path()).isEqualTo("disk.img");
        }
    }

    @Test
    void anEmptyFileIsSigned() throws Exception {
        Files.write(image, new byte[0]);
        signing("here").signFile(image);
        assertThat(statement().length()).isZero();
    }

    @Test
    void onlyAFileIsSigned() {
        for (Path none : List.of(directory, directory.resolve("none"), Path.of("/"))) {
            assertThatThrownBy(() -> signing("here").signFile(none))
                    .isInstanceOf(FetchException.Missing.class)
                    .hasMessage(none + " is not a file that could be signed");
        }
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private Signing read(List<Signer> signers, Path passphrase, Path... keys) throws IOException {
        return SecretKeys.signing(
                signers,
                List.of(keys),
                SecretKeys.passphrase(passphrase),
                Duration.ofDays(1),
                "here");
    }

    @Test
    void keysAreReadWithThePassphraseOfAFile() throws Exception {
        Path first = file("a", "fake secret one");
        Path second = file("b", "fake secret two");
        Path passphrase = file("passphrase", "open sesame\nand more\n");
        Signing signing = read(List.of(signer), passphrase, first, second);
        assertThat(signing.keys())
                .extracting(key -> key.publicKey().toString())
                .containsExactly("fake key one", "fake key two");
        assertThat(signer.passphrases).containsExactly("open sesame", "open sesame");
        assertThat(signing.validity()).isEqualTo(Duration.ofDays(1));
        assertThat(signing.repository()).isEqualTo("here");
        read(List.of(signer), file("passphrase", "one line"), first);
        assertThat(signer.passphrases).endsWith("one line");
    }

    @Test
    void theFirstSchemeThatReadsAllKeysSigns() throws Exception {
        Path passphrase = file("passphrase", "");
        Path key = file("a", "fake secret one");
        Path other = file("b", "another scheme");
        assertThatThrownBy(() -> read(List.of(signer, new FakeSigner()), passphrase, key, other))
                .isInstanceOf(IOException.class)
                .hasMessage(other + " is not a secret key of fake");
        assertThatThrownBy(() -> read(List.of(), passphrase, key))
                .isInstanceOf(FetchException.Unsupported.class)
                .hasMessageContaining("install the feature trust-signify");
    }
}
