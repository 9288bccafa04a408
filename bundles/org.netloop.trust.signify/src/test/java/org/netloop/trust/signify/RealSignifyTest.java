package org.netloop.trust.signify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.api.trust.Envelope;
import org.netloop.api.trust.PublicKey;
import org.netloop.api.trust.SecretKey;
import org.netloop.api.trust.Signer.KeyFiles;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Files are exchanged with the program signify, as Debian packages it. */
class RealSignifyTest {
    private static final String MESSAGE = "what is signed\nin two lines\n";
    private static final char[] PHRASE = "correct horse".toCharArray();

    @TempDir private Path directory;
    private final Signify signify = new Signify();

    private String run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("signify-openbsd"));
        command.addAll(Arrays.asList(arguments));
        Process process =
                new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        return process.waitFor() + " " + said;
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private Envelope sealed(SecretKey... keys) {
        ByteBuffer message = UTF_8.encode(MESSAGE);
        return new Envelope(
                Arrays.stream(keys)
                        .map(k -> new Envelope.Signature(k.publicKey().id(), k.sign(message)))
                        .toList(),
                message);
    }

    private void writeSealed(String name, Envelope envelope) throws IOException {
        write(name, UTF_8.decode(signify.seal(envelope)).toString());
    }

    @Test
    void signifyVerifiesWhatWeSign() throws Exception {
        KeyFiles files = signify.create("ours", null);
        write("ours.pub", files.publicKey());
        try (SecretKey key = signify.read("ours", files.secretKey(), _ -> PHRASE.clone())) {
            writeSealed("m.sig", sealed(key));
        }

        assertThat(run("-V", "-e", "-p", "ours.pub", "-x", "m.sig", "-m", "m"))
                .startsWith("0 ")
                .contains("Signature Verified");
        assertThat(directory.resolve("m")).hasContent(MESSAGE.stripTrailing());
        assertThat(Files.readString(directory.resolve("m"))).isEqualTo(MESSAGE);
    }

    @Test
    void weVerifyWhatSignifySigns() throws Exception {
        assertThat(run("-G", "-n", "-p", "its.pub", "-s", "its.sec", "-c", "its")).startsWith("0 ");
        write("m", MESSAGE);
        run("-S", "-e", "-s", "its.sec", "-m", "m", "-x", "m.sig");

        PublicKey key = signify.key(Files.readString(directory.resolve("its.pub"))).orElseThrow();
        Envelope envelope =
                signify.open(
                        "m.sig", ByteBuffer.wrap(Files.readAllBytes(directory.resolve("m.sig"))));

        assertThat(UTF_8.decode(envelope.message()).toString()).isEqualTo(MESSAGE);
        assertThat(envelope.signatures()).hasSize(1);
        assertThat(signify.verifies(key, envelope.signatures().getFirst(), envelope.message()))
                .isTrue();
    }

    @Test
    void signifySignsWithOurKeysAndWeWithIts() throws Exception {
        KeyFiles files = signify.create("ours", null);
        write("ours.sec", files.secretKey());
        write("m", MESSAGE);
        assertThat(run("-S", "-e", "-s", "ours.sec", "-m", "m", "-x", "m.sig")).startsWith("0 ");
        PublicKey ours = signify.key(files.publicKey()).orElseThrow();
        Envelope envelope =
                signify.open(
                        "m.sig", ByteBuffer.wrap(Files.readAllBytes(directory.resolve("m.sig"))));
        assertThat(signify.verifies(ours, envelope.signatures().getFirst(), envelope.message()))
                .isTrue();

        run("-G", "-n", "-p", "its.pub", "-s", "its.sec");
        try (SecretKey its =
                signify.read("its", Files.readString(directory.resolve("its.sec")), _ -> PHRASE)) {
            writeSealed("n.sig", sealed(its));
        }
        assertThat(run("-V", "-e", "-p", "its.pub", "-x", "n.sig", "-m", "n")).startsWith("0 ");
    }

    @Test
    void theLastOfSeveralSignaturesIsVerifiedBySignifyWithoutTheOthersLines() throws Exception {
        KeyFiles one = signify.create("one", null);
        KeyFiles two = signify.create("two", null);
        write("two.pub", two.publicKey());
        try (SecretKey first = signify.read("one", one.secretKey(), _ -> PHRASE);
                SecretKey second = signify.read("two", two.secretKey(), _ -> PHRASE)) {
            String both = UTF_8.decode(signify.seal(sealed(first, second))).toString();
            write("m.sig", both.lines().skip(2).reduce("", (a, b) -> a + b + "\n"));
        }

        assertThat(run("-V", "-e", "-p", "two.pub", "-x", "m.sig", "-m", "m")).startsWith("0 ");
    }

    /** Made by the program with this passphrase, which it takes from a terminal only. */
    @Test
    void aKeyThatSignifyEncryptedIsReadWithItsPassphrase() throws Exception {
        String text = new String(resource("encrypted.sec"), UTF_8);
        PublicKey expected =
                signify.key(new String(resource("encrypted.pub"), UTF_8)).orElseThrow();

        try (SecretKey key = signify.read("encrypted", text, _ -> PHRASE.clone())) {
            assertThat(key.publicKey()).isEqualTo(expected);
        }
        assertThatThrownBy(() -> signify.read("encrypted", text, _ -> "wrong".toCharArray()))
                .isInstanceOf(IOException.class)
                .hasMessage("encrypted: the passphrase is wrong");
    }

    private static byte[] resource(String name) throws IOException {
        try (var stream = RealSignifyTest.class.getResourceAsStream(name)) {
            return java.util.Objects.requireNonNull(stream).readAllBytes();
        }
    }

    @Test
    void aKeyThatWeEncryptedIsReadWithItsPassphraseOnly() throws Exception {
        KeyFiles files = signify.create("ours", PHRASE.clone());
        try (SecretKey key = signify.read("ours", files.secretKey(), _ -> PHRASE.clone())) {
            assertThat(signify.key(files.publicKey())).contains(key.publicKey());
        }
        assertThatThrownBy(() -> signify.read("ours", files.secretKey(), _ -> new char[0]))
                .hasMessageContaining("passphrase is wrong");
    }
}
