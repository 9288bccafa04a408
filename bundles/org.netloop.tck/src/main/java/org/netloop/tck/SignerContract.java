package org.netloop.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.netloop.api.transport.FetchException;
import org.netloop.api.trust.Envelope;
import org.netloop.api.trust.PublicKey;
import org.netloop.api.trust.SecretKey;
import org.netloop.api.trust.Signer;
import org.netloop.api.trust.Signer.KeyFiles;
import org.netloop.api.trust.Signer.Passphrase;
import org.netloop.api.trust.Verifier;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/** Obligations of every {@link Signer}. */
public abstract class SignerContract extends VerifierContract {
    private static final char[] RIGHT = "the right one".toCharArray();
    private static final char[] WRONG = "a wrong one".toCharArray();
    private static final Passphrase NOBODY =
            name -> {
                throw new IOException("nobody can be asked for " + name);
            };

    private final AtomicReference<KeyFiles> files = new AtomicReference<>();

    /** Returns the signer under test. */
    protected abstract Signer signer();

    @Override
    protected Verifier verifier() {
        return signer();
    }

    private KeyFiles files() {
        files.compareAndSet(null, signer().create("the suite's", null));
        return Objects.requireNonNull(files.get());
    }

    @Override
    protected String publicKey() {
        return files().publicKey();
    }

    @Override
    protected ByteBuffer sealed(byte[] message) {
        try (SecretKey key = signer().read("the key", files().secretKey(), NOBODY)) {
            return seal(List.of(signed(key, message)), message);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Envelope.Signature signed(SecretKey key, byte[] message) {
        ByteBuffer signature = key.sign(ByteBuffer.wrap(message));
        return new Envelope.Signature(key.publicKey().id(), signature);
    }

    private ByteBuffer seal(List<Envelope.Signature> signatures, byte[] message) {
        return signer().seal(new Envelope(signatures, ByteBuffer.wrap(message)));
    }

    @Test
    void twoNewKeysAreTwo() {
        PublicKey other = signer().key(signer().create("x", null).publicKey()).orElseThrow();
        assertThat(other).isNotEqualTo(readKey());
    }

    @Test
    void aSecretKeyKnowsItsPublicOneAndSignsThePositionStays() throws Exception {
        try (SecretKey key = signer().read("the key", files().secretKey(), NOBODY)) {
            assertThat(key.publicKey()).isEqualTo(readKey());
            ByteBuffer message = ByteBuffer.wrap(new byte[] {1, 2, 3}).position(1);
            key.sign(message);
            assertThat(message.position()).isEqualTo(1);
        }
    }

    @Test
    void anEncryptedKeyIsReadWithItsPassphraseAlone() throws Exception {
        KeyFiles made = signer().create("x", RIGHT.clone());
        try (SecretKey key = signer().read("mine", made.secretKey(), _ -> RIGHT.clone())) {
            assertThat(key.publicKey().text())
                    .isEqualTo(signer().key(made.publicKey()).orElseThrow().text());
        }
        assertThatThrownBy(() -> signer().read("mine", made.secretKey(), _ -> WRONG.clone()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("mine")
                .hasMessageNotContaining(new String(WRONG));
        assertThatThrownBy(() -> signer().read("mine", made.secretKey(), NOBODY))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("nobody can be asked for mine");
    }

    @Test
    void whatIsNoSecretKeyIsRefusedWithItsName() {
        for (String text : List.of("", "text", files().publicKey())) {
            assertThatThrownBy(() -> signer().read("mine", text, NOBODY))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("mine");
        }
    }

    @Test
    void aCommentOfSeveralLinesIsRefused() {
        assertThatThrownBy(() -> signer().create("one\ntwo", null))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void severalSignaturesAreKeptUpToTheLimit() throws Exception {
        byte[] message = {1, 2, 3};
        try (SecretKey key = signer().read("the key", files().secretKey(), NOBODY)) {
            Envelope.Signature one = signed(key, message);
            ByteBuffer full = seal(Collections.nCopies(Verifier.MAX_SIGNATURES, one), message);
            assertThat(signer().open("it", full).signatures()).hasSize(Verifier.MAX_SIGNATURES);
            ByteBuffer over = seal(Collections.nCopies(Verifier.MAX_SIGNATURES + 1, one), message);
            assertThatThrownBy(() -> signer().open("it", over))
                    .isInstanceOf(FetchException.Corrupt.class);
        }
    }
}
