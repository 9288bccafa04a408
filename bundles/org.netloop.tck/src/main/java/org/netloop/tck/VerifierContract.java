package org.netloop.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;
import org.netloop.api.transport.FetchException;
import org.netloop.api.trust.Envelope;
import org.netloop.api.trust.PublicKey;
import org.netloop.api.trust.Verifier;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/** Obligations of every {@link Verifier}. */
public abstract class VerifierContract {
    private static final int MUTATIONS = 1000;
    private static final int FLIPS = 64;

    /** Returns the verifier under test. */
    protected abstract Verifier verifier();

    /** Returns the content of a public key's file. */
    protected abstract String publicKey();

    /** Returns a message with one signature by the secret key of {@link #publicKey}. */
    protected abstract ByteBuffer sealed(byte[] message);

    private static byte[] message() {
        byte[] message = new byte[1000];
        new Random(2006).nextBytes(message);
        return message;
    }

    PublicKey readKey() {
        return verifier().key(publicKey()).orElseThrow();
    }

    private Envelope envelope() throws FetchException.Corrupt {
        return verifier().open("it", sealed(message()));
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    @Test
    void itsSchemeIsShortAndPlainAndItsKeysTellIt() {
        assertThat(verifier().scheme()).matches("[a-z0-9-]{1,16}");
        assertThat(readKey().scheme()).isEqualTo(verifier().scheme());
    }

    @Test
    void aKeyIsReadFromItsFileAndFromItsLineAlike() {
        PublicKey key = readKey();
        assertThat(key.id()).isNotBlank().doesNotContain("\n");
        assertThat(key.text()).isNotBlank().doesNotContain("\n");
        assertThat(verifier().key(key.text())).contains(key);
    }

    @Test
    void whatIsNoKeyIsNoneWhateverItIs() {
        Random random = new Random(2006);
        byte[] key = publicKey().getBytes(UTF_8);
        for (String text : List.of("", "\n", "\0", "key", "x".repeat(1 << 20), "=\n=")) {
            assertThat(verifier().key(text)).isEmpty();
        }
        for (int i = 0; i < MUTATIONS; i++) {
            // One that is still a key is another one, or says the same in other words.
            Optional<PublicKey> read =
                    verifier().key(new String(Mutations.of(key, random), ISO_8859_1));
            read.ifPresent(it -> assertThat(verifier().key(it.text())).contains(it));
        }
    }

    @Test
    void whatWasSignedIsVerifiedAndPositionsStay() throws Exception {
        ByteBuffer sealed = sealed(message());
        int position = sealed.position();
        Envelope envelope = verifier().open("it", sealed);
        assertThat(sealed.position()).isEqualTo(position);
        assertThat(bytes(envelope.message())).isEqualTo(message());
        assertThat(envelope.signatures()).hasSize(1);
        Envelope.Signature signature = envelope.signatures().getFirst();
        assertThat(signature.keyId()).isEqualTo(readKey().id());
        ByteBuffer signed = envelope.message();
        assertThat(verifier().verifies(readKey(), signature, signed)).isTrue();
        assertThat(signed.remaining()).isEqualTo(message().length);
    }

    @Test
    void anEmptyMessageIsOne() throws Exception {
        Envelope envelope = verifier().open("it", sealed(new byte[0]));
        Envelope.Signature signature = envelope.signatures().getFirst();
        assertThat(verifier().verifies(readKey(), signature, envelope.message())).isTrue();
    }

    @Test
    void noOtherMessageIsVerified() throws Exception {
        Envelope.Signature signature = envelope().signatures().getFirst();
        Random random = new Random(2006);
        for (int i = 0; i < FLIPS; i++) {
            byte[] other = message();
            other[random.nextInt(other.length)] ^= (byte) (1 << random.nextInt(8));
            assertThat(verifier().verifies(readKey(), signature, ByteBuffer.wrap(other))).isFalse();
        }
        ByteBuffer shorter = ByteBuffer.wrap(message(), 0, message().length - 1);
        assertThat(verifier().verifies(readKey(), signature, shorter)).isFalse();
    }

    @Test
    void noOtherSignatureIsVerifiedAndNoneThrows() throws Exception {
        Envelope.Signature signature = envelope().signatures().getFirst();
        byte[] good = bytes(signature.bytes());
        Random random = new Random(2006);
        for (int i = 0; i < MUTATIONS; i++) {
            ByteBuffer other = ByteBuffer.wrap(Mutations.of(good, random));
            if (!other.equals(ByteBuffer.wrap(good))) {
                // Parts that the scheme does not look at may change; what it signs may not.
                Envelope.Signature changed = new Envelope.Signature(signature.keyId(), other);
                ByteBuffer message = ByteBuffer.wrap(message(), 1, message().length - 1);
                assertThat(verifier().verifies(readKey(), changed, message)).isFalse();
            }
        }
        byte[] zeros = new byte[good.length];
        assertThat(
                        verifier()
                                .verifies(
                                        readKey(),
                                        new Envelope.Signature(
                                                signature.keyId(), ByteBuffer.wrap(zeros)),
                                        ByteBuffer.wrap(message())))
                .isFalse();
    }

    @Test
    void aSignatureOfNoKnownKeyIsNotVerified() throws Exception {
        ByteBuffer bytes = envelope().signatures().getFirst().bytes();
        Envelope.Signature other = new Envelope.Signature("nobody", bytes);
        ByteBuffer message = ByteBuffer.wrap(message());
        assertThat(verifier().verifies(readKey(), other, message)).isFalse();
    }

    @Test
    void whatIsNoEnvelopeIsCorruptAndNothingElse() {
        byte[] good = bytes(sealed(message()));
        Random random = new Random(2006);
        for (byte[] bad : List.of(new byte[0], new byte[] {0}, message(), new byte[1 << 20])) {
            assertThatThrownBy(() -> verifier().open("it", ByteBuffer.wrap(bad)))
                    .isInstanceOf(FetchException.Corrupt.class)
                    .hasMessageContaining("it");
        }
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] other = Mutations.of(good, random);
            try {
                Envelope read = verifier().open("it", ByteBuffer.wrap(other));
                assertThat(read.signatures()).hasSizeBetween(1, Verifier.MAX_SIGNATURES);
            } catch (FetchException.Corrupt e) {
                assertThat(e).hasMessageContaining("it");
            }
        }
    }

    @Test
    void manyThreadsAreServedAtOnce() throws Exception {
        Envelope envelope = envelope();
        PublicKey key = readKey();
        long good =
                IntStream.range(0, 200)
                        .parallel()
                        .filter(
                                _ ->
                                        verifier()
                                                .verifies(
                                                        key,
                                                        envelope.signatures().getFirst(),
                                                        envelope.message()))
                        .count();
        assertThat(good).isEqualTo(200);
    }
}
