package org.netloop.api.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.MapRepository;
import org.netloop.api.transport.Repository;
import org.netloop.api.transport.Repository.Kind;
import org.netloop.api.trust.Statement.Role;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

class SigningTest {
    private static final String CHANNEL = "channels/stable.json";
    private static final String IMAGE = "images/one.json";

    private final MapRepository plain = new MapRepository();
    private final FakeSigner signer = new FakeSigner();
    private final Signing signing = signing("here", "one", "two");
    private final Repository signed = signing.over(plain);

    private Signing signing(String repository, String... keys) {
        List<SecretKey> all = List.of(keys).stream().map(FakeSigner::secret).toList();
        return new Signing(signer, all, Duration.ofDays(3), repository);
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    private Envelope envelope(String path) throws IOException {
        return signer.open(path, plain.read(path + ".sig", 1 << 20));
    }

    private Statement statement(String path) throws IOException {
        return Statement.parse(path, envelope(path).message());
    }

    @Test
    void aPointerIsSignedBeforeItIsPutWithItsBytesAndAnEnd() throws Exception {
        Instant before = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        signed.put(CHANNEL, bytes("{}"), Kind.POINTER);
        assertThat(plain.actions)
                .containsExactly(
                        "put POINTER repository.id",
                        "put POINTER " + CHANNEL + ".sig",
                        "put POINTER " + CHANNEL);
        Statement statement = statement(CHANNEL);
        assertThat(statement.role()).isEqualTo(Role.POINTER);
        assertThat(statement.repository()).isEqualTo("here");
        assertThat(statement.path()).isEqualTo(CHANNEL);
        assertThat(statement.signed()).isBetween(before, Instant.now());
        assertThat(statement.expires()).contains(statement.signed().plus(Duration.ofDays(3)));
        assertThat(statement.content()).isEqualTo(bytes("{}"));
        assertThat(plain.text(CHANNEL)).isEqualTo("{}");
    }

    @Test
    void aDocumentIsSignedByItsDigestAndDoesNotExpire() throws Exception {
        assertThat(signed.putOnce(IMAGE, bytes("image"), Kind.DOCUMENT)).isFalse();
        assertThat(signed.putOnce(IMAGE, bytes("image"), Kind.DOCUMENT)).isTrue();
        Statement statement = statement(IMAGE);
        assertThat(statement.role()).isEqualTo(Role.DOCUMENT);
        assertThat(statement.expires()).isEmpty();
        assertThat(statement.length()).isEqualTo(5);
        assertThat(statement.digest()).isEqualTo(Digest.of(DigestAlgorithm.SHA256, bytes("image")));
        assertThat(statement.content().remaining()).isZero();
        assertThat(plain.text(IMAGE)).isEqualTo("image");
    }

    @Test
    void everyKeySigns() throws Exception {
        signed.put(CHANNEL, bytes("{}"), Kind.POINTER);
        Envelope envelope = envelope(CHANNEL);
        assertThat(envelope.signatures())
                .extracting(Envelope.Signature::keyId)
                .containsExactly("one", "two");
        assertThat(envelope.signatures())
                .allMatch(
                        one ->
                                signer.verifies(
                                        FakeSigner.secret(one.keyId()).publicKey(),
                                        one,
                                        envelope.message()));
    }

    @Test
    void blocksAndStatementsAreNotSigned() throws Exception {
        signed.put("blocks/a", bytes("block"), Kind.BLOCK);
        signed.putOnce("blocks/b", bytes("block"), Kind.BLOCK);
        signed.put(CHANNEL + ".sig", bytes("signed elsewhere"), Kind.POINTER);
        assertThat(plain.objects).containsOnlyKeys("blocks/a", "blocks/b", CHANNEL + ".sig");
    }

    @Test
    void theSerialGrowsWithEachSignature() throws Exception {
        long last = 0;
        for (int i = 0; i < 3; i++) {
            signed.put(CHANNEL, bytes("{}"), Kind.POINTER);
            assertThat(statement(CHANNEL).serial()).isGreaterThan(last);
            last = statement(CHANNEL).serial();
        }
        Instant now = Instant.ofEpochSecond(1000);
        assertThat(Signing.serialAfter(Optional.empty(), now)).isEqualTo(1000);
        Optional<Statement> before = Optional.of(statement(CHANNEL));
        assertThat(Signing.serialAfter(before, now)).isEqualTo(last + 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "not sealed", "\1----------------------------------------nothing"})
    void aDamagedStatementIsReplaced(String damaged) throws Exception {
        plain.with(CHANNEL + ".sig", damaged);
        signed.put(CHANNEL, bytes("{}"), Kind.POINTER);
        assertThat(statement(CHANNEL).serial()).isPositive();
    }

    @Test
    void theIdentityOfTheRepositoryStaysUnlessAnotherIsGiven() throws Exception {
        signing("", "one").over(plain).put(CHANNEL, bytes("{}"), Kind.POINTER);
        String random = statement(CHANNEL).repository();
        assertThat(UUID.fromString(random)).isNotNull();
        assertThat(plain.text("repository.id")).isEqualTo(random + "\n");
        signing("", "two").over(plain).put(CHANNEL, bytes("{}"), Kind.POINTER);
        assertThat(statement(CHANNEL).repository()).isEqualTo(random);
        assertThat(Collections.frequency(plain.actions, "put POINTER repository.id")).isOne();
        signed.put(CHANNEL, bytes("{}"), Kind.POINTER);
        assertThat(statement(CHANNEL).repository()).isEqualTo("here");
        assertThat(plain.text("repository.id")).isEqualTo("here\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"not one", ""})
    void anIdentityThatIsNoneIsReplaced(String there) throws Exception {
        plain.with("repository.id", there);
        signing("", "one").over(plain).put(CHANNEL, bytes("{}"), Kind.POINTER);
        assertThat(plain.text("repository.id").strip())
                .isEqualTo(statement(CHANNEL).repository())
                .isNotEqualTo(there);
    }

    @Test
    void aStatementGoesWithItsObject() throws Exception {
        signed.put(CHANNEL, bytes("{}"), Kind.POINTER);
        plain.actions.clear();
        signed.delete(CHANNEL);
        // A statement of nothing is harmless; an object without one is not read.
        assertThat(plain.actions)
                .containsExactly("delete " + CHANNEL, "delete " + CHANNEL + ".sig");
    }

    @Test
    void allElseIsThatOfTheRepository() throws Exception {
        plain.with("blocks/a", "block");
        assertThat(signed.base()).isEqualTo(plain.base());
        assertThat(signed.length("blocks/a")).hasValue(5);
        assertThat(signed.read("blocks/a", 5)).isEqualTo(bytes("block"));
        Digest digest = Digest.of(DigestAlgorithm.SHA256, bytes("block"));
        assertThat(signed.holds("blocks/a", digest, 5)).isTrue();
        assertThat(signed.holds("blocks/b", digest, 5)).isFalse();
        assertThat(signed.missing(List.of("blocks/a", "blocks/b"))).containsExactly("blocks/b");
        assertThat(signed.list("blocks/")).hasSize(1);
        assertThatThrownBy(() -> signed.write("x")).isInstanceOf(FetchException.Unsupported.class);
        assertThat(signed.showsDurableOnly()).isFalse();
        plain.durable = true;
        assertThat(signed.showsDurableOnly()).isTrue();
        signed.sync();
        signed.close();
        assertThat(plain.actions).containsExactly("sync", "close");
    }

    @Test
    void anObjectIsSignedWhereItLies() throws Exception {
        plain.with(CHANNEL, "{}").with("repository.id", "here\n");
        signing.sign(plain, CHANNEL, Kind.POINTER);
        assertThat(plain.actions).containsExactly("put POINTER " + CHANNEL + ".sig");
        assertThat(statement(CHANNEL).content()).isEqualTo(bytes("{}"));
        assertThatThrownBy(() -> signing.sign(plain, "channels/none.json", Kind.POINTER))
                .isInstanceOf(FetchException.Missing.class);
    }

    @Test
    void aSignedPointerIsNotChangedUnsigned() throws Exception {
        assertThatCode(() -> Signing.refuseUnsigned(plain, CHANNEL)).doesNotThrowAnyException();
        signed.put(CHANNEL, bytes("{}"), Kind.POINTER);
        assertThatThrownBy(() -> Signing.refuseUnsigned(plain, CHANNEL))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(CHANNEL + " of map:/repository/ is signed")
                .hasMessageContaining("--sign KEY");
    }

    @Test
    void keysValidityAndIdentityHaveBounds() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> signing("here"))
                .withMessage("0 keys to sign with: 1 to 16");
        List<SecretKey> most = Collections.nCopies(16, FakeSigner.secret("one"));
        Duration second = Duration.ofSeconds(1);
        assertThat(new Signing(signer, most, second, "").keys()).hasSize(16);
        List<SecretKey> more = Collections.nCopies(17, FakeSigner.secret("one"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Signing(signer, more, second, ""))
                .withMessage("17 keys to sign with: 1 to 16");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Signing(signer, most, second.minusNanos(1), ""))
                .withMessageContaining(
                        "a signature cannot be valid for 0 s: it has to be 1 s at least");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> signing("no identity", "one"))
                .withMessageContaining("'no identity' is not the identity of a repository");
    }
}
