package org.netloop.engine.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.netloop.engine.volume.SignedRepository.signing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.netloop.api.block.Digest;
import org.netloop.api.index.IndexFormat;
import org.netloop.api.index.Reference;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchRequest;
import org.netloop.api.transport.Fetched;
import org.netloop.api.transport.Transport;
import org.netloop.api.trust.TrustSpec;
import org.netloop.api.volume.Volumes.OpenVolume;
import org.netloop.api.volume.Volumes.Opening;
import org.netloop.api.volume.Volumes.Prefetch;
import org.netloop.api.volume.Volumes.VolumeSpec;
import org.netloop.engine.volume.SignedRepository.Key;
import org.netloop.format.idx.IdxFormat;
import org.netloop.format.netloop.NetloopFormat;
import org.netloop.transport.file.FileTransport;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Attacks by whoever can change what a mirror sends, against a volume with a policy of trust. Each
 * one succeeds where the check that it is named after is taken out.
 */
@Timeout(60)
@ParameterizedClass
@EnumSource
class AttacksTest {
    private static final Duration MONTH = Duration.ofDays(30);
    private static final Key OURS = Key.make();
    private static final Key OTHER = Key.make();
    private static final Key STRANGE = Key.make();

    @TempDir private Path temporary;
    private final Kind kind;
    private Instant now = Instant.now();
    private SignedRepository repository;
    private Engine engine;

    /** A format that has a root to sign. */
    enum Kind {
        NETLOOP(new NetloopFormat(), "channels/stable.json"),
        IDX(new IdxFormat(), "index.idx");

        private final IndexFormat format;
        private final String channel;

        Kind(IndexFormat format, String channel) {
            this.format = format;
            this.channel = channel;
        }
    }

    AttacksTest(Kind kind) {
        this.kind = kind;
    }

    @BeforeEach
    void start() {
        repository = new SignedRepository(kind.format, temporary.resolve("repo"));
        engine = engineWith(new FileTransport());
    }

    /** An engine that remembers only what is on disk. */
    private Engine engineWith(Transport transport) {
        Engine made =
                new Engine(
                        1 << 20,
                        Duration.ofSeconds(1),
                        temporary.resolve("state"),
                        () -> now,
                        temporary.resolve("trust"));
        made.bindTransport(transport, Map.of(Transport.SCHEMES, "file"));
        made.bindFormat(kind.format, Map.of());
        made.bindVerifier(SignedRepository.SIGNIFY, Map.of());
        return made;
    }

    private static TrustSpec trusting(Key... keys) {
        return trusting(1, keys);
    }

    private static TrustSpec trusting(int threshold, Key... keys) {
        return new TrustSpec(
                Arrays.stream(keys).map(Key::publicKey).toList(), threshold, List.of(), "");
    }

    private OpenVolume open(TrustSpec trust, String suffix) throws Exception {
        URI base = URI.create(repository.directory.toUri().toString().replaceAll("/*$", "/"));
        Reference reference = Reference.parse(base + suffix);
        return engine.open(
                new VolumeSpec("v", reference, List.of(), Duration.ofSeconds(30)).withTrust(trust));
    }

    private int content(TrustSpec trust, String suffix) throws Exception {
        try (OpenVolume volume = open(trust, suffix)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            volume.read(0, one);
            return one.get(0);
        }
    }

    private int content(TrustSpec trust) throws Exception {
        return content(trust, "");
    }

    private AbstractThrowableAssert<?, ? extends Throwable> refused(TrustSpec trust) {
        return assertThatThrownBy(() -> content(trust))
                .isInstanceOf(FetchException.Untrusted.class);
    }

    private Path signature() {
        return repository.directory.resolve(kind.channel + ".sig");
    }

    @Test
    void whatIsSignedIsOpenedAndWhatIsNotOnlyWhereNothingIsDemanded() throws Exception {
        Digest image = repository.publish(1, signing(MONTH, "", OURS));
        assertThat(content(trusting(OURS))).isEqualTo(1);
        assertThat(content(trusting(OURS), "@" + image)).isEqualTo(1);

        Files.delete(signature());
        refused(trusting(OURS)).hasMessageContainingAll("not signed", "--trust none");
        assertThat(content(TrustSpec.NONE)).isEqualTo(1);
        assertThat(content(TrustSpec.DEFAULT)).isEqualTo(1);
    }

    @Test
    void anImageIsSignedByItselfToo() throws Exception {
        Digest image = repository.publish(1, signing(MONTH, "", STRANGE));
        assertThatThrownBy(() -> content(trusting(OURS), "@" + image))
                .isInstanceOf(FetchException.Untrusted.class);
    }

    @Test
    void aTamperedSignatureIsRefused() throws Exception {
        repository.publish(1, signing(MONTH, "", OURS));
        String text = Files.readString(signature(), ISO_8859_1);
        Files.writeString(signature(), text.replaceFirst("serial: ", "serial: 9"), ISO_8859_1);
        refused(trusting(OURS)).hasMessageContaining("which is wrong");
    }

    /** The plain channel of a mirror does not matter to whoever has a policy. */
    @Test
    void aTamperedChannelLeadsNobodyWithAPolicyElsewhere() throws Exception {
        repository.publish(1, signing(MONTH, "", OURS));
        SignedRepository forged = repository.copy(temporary.resolve("forged"));
        forged.publish(2, signing(MONTH, "", STRANGE));
        Path channel = Path.of(kind.channel);
        repository.publish(2, signing(MONTH, "", STRANGE));
        Files.copy(
                temporary.resolve("forged").resolve(channel),
                repository.directory.resolve(channel),
                StandardCopyOption.REPLACE_EXISTING);
        refused(trusting(OURS))
                .hasMessageContainingAll("is signed by", "needed is key", "--trust KEY");
    }

    @Test
    void anOldChannelIsNotReplayed() throws Exception {
        repository.publish(1, signing(MONTH, "", OURS));
        SignedRepository old = repository.copy(temporary.resolve("old"));
        repository.publish(2, signing(MONTH, "", OURS));
        assertThat(content(trusting(OURS))).isEqualTo(2);

        repository.becomes(old);
        engine = engineWith(new FileTransport());
        refused(trusting(OURS)).hasMessageContaining("--accept-older");
    }

    /** Signed again without a move: the older signature may not come back either. */
    @Test
    void anOldSignatureOfTheSameImageIsNotReplayed() throws Exception {
        repository.publish(1, signing(MONTH, "", OURS));
        SignedRepository old = repository.copy(temporary.resolve("old"));
        repository.sign(signing(MONTH, "", OURS));
        assertThat(content(trusting(OURS))).isEqualTo(1);

        repository.becomes(old);
        refused(trusting(OURS)).hasMessageContaining("--accept-older");
    }

    @Test
    void aChannelIsNotFrozenPastItsExpiry() throws Exception {
        repository.publish(1, signing(Duration.ofDays(1), "", OURS));
        assertThat(content(trusting(OURS))).isEqualTo(1);
        now = now.plus(Duration.ofDays(2));
        refused(trusting(OURS)).hasMessageContainingAll("expired at", "netloop sign");
    }

    @Test
    void aClockSetBackBringsNoExpiredChannelBack() throws Exception {
        repository.publish(1, signing(MONTH, "", OURS));
        SignedRepository old = repository.copy(temporary.resolve("old"));
        repository.sign(signing(MONTH.multipliedBy(3), "", OURS));
        now = now.plus(MONTH.multipliedBy(2));
        assertThat(content(trusting(OURS))).isEqualTo(1);

        now = now.minus(MONTH.multipliedBy(2));
        SignedRepository.delete(temporary.resolve("repo"));
        old.copy(temporary.resolve("repo"));
        engine = engineWith(new FileTransport());
        assertThatThrownBy(() -> acceptOlder(trusting(OURS)))
                .isInstanceOf(FetchException.Untrusted.class)
                .hasMessageContaining("expired at");
    }

    private void acceptOlder(TrustSpec trust) throws Exception {
        engine.open(
                        new VolumeSpec(
                                "v",
                                Reference.parse(repository.directory.toString()),
                                List.of(),
                                Duration.ofSeconds(30),
                                Prefetch.NONE,
                                new Opening("", true),
                                trust))
                .close();
    }

    @Test
    void anImageOfAnotherRepositoryIsRefusedUnderThisChannel() throws Exception {
        repository.publish(1, signing(MONTH, "ours", OURS));
        SignedRepository other = new SignedRepository(kind.format, temporary.resolve("other"));
        other.publish(2, signing(MONTH, "theirs", OURS));
        assertThat(content(trusting(OURS))).isEqualTo(1);

        repository.becomes(other);
        refused(trusting(OURS)).hasMessageContainingAll("'theirs'", "--trust-repository");
        TrustSpec demanding = new TrustSpec(List.of(OURS.publicKey()), 1, List.of(), "theirs");
        assertThat(content(demanding)).isEqualTo(2);
    }

    @Test
    void aSignatureOfAnotherChannelIsRefused() throws Exception {
        Digest image = repository.publish(1, signing(MONTH, "", OURS));
        try (var signing =
                signing(MONTH, "", OURS)
                        .over(new FileTransport().open(repository.directory.toUri()))) {
            kind.format.catalog(signing).move("testing", image);
        }
        String testing = kind.channel.replace("stable", "testing").replace("index", "testing");
        Files.copy(
                repository.directory.resolve(testing + ".sig"),
                signature(),
                StandardCopyOption.REPLACE_EXISTING);
        refused(trusting(OURS)).hasMessageContainingAll("is a signature of", testing);
    }

    @Test
    void tooFewKeysAreNotEnoughAndOneKeyCountsOnce() throws Exception {
        repository.publish(1, signing(MONTH, "", OURS, OURS));
        refused(trusting(2, OURS, OTHER)).hasMessageContaining("needed is 2 of the keys");
        repository.publish(1, signing(MONTH, "", OURS, OTHER));
        assertThat(content(trusting(OTHER), "")).isEqualTo(1);
    }

    @Test
    void twoOfThreeKeysAreEnough() throws Exception {
        repository.publish(1, signing(MONTH, "", OURS, OTHER));
        assertThat(content(trusting(2, STRANGE, OURS, OTHER))).isEqualTo(1);
    }

    @Test
    void aRevokedKeyCountsNoMoreWhoeverTrustsIt() throws Exception {
        repository.publish(1, signing(MONTH, "", OURS));
        assertThat(content(trusting(OURS))).isEqualTo(1);
        Files.writeString(temporary.resolve("trust"), "revoked " + OURS.publicKey() + "\n");
        refused(trusting(OURS, OTHER)).hasMessageContaining("which is revoked");
    }

    @Test
    void theDefaultOfTheHostHoldsUntilAVolumeSaysOtherwise() throws Exception {
        repository.publish(1, signing(MONTH, "", OURS));
        Path key = temporary.resolve("other.pub");
        Files.writeString(key, "untrusted comment: other\n" + OTHER.publicKey() + "\n");
        Files.writeString(temporary.resolve("trust"), "# ours\nkey other.pub\n");
        refused(TrustSpec.DEFAULT).hasMessageContaining("needed is key");
        assertThat(content(trusting(OURS))).isEqualTo(1);
        assertThat(content(TrustSpec.NONE)).isEqualTo(1);

        Files.writeString(temporary.resolve("trust"), "keys other.pub\n");
        assertThatThrownBy(() -> content(TrustSpec.DEFAULT))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll("line 1", "nothing is opened");
    }

    @Test
    void endlessDataIsNotRead() throws Exception {
        repository.publish(1, signing(MONTH, "", OURS));
        FileTransport files = new FileTransport();
        engine.unbindTransport(files);
        restartOver(
                (request, into) -> {
                    if (!request.uri().getPath().endsWith(".sig")) {
                        return Optional.empty();
                    }
                    while (into.hasRemaining()) {
                        into.put("untrusted comment: ".getBytes(UTF_8)[0]);
                    }
                    throw new FetchException.Corrupt("more than there is room for");
                });
        assertThatThrownBy(() -> content(trusting(OURS))).isInstanceOf(FetchException.class);
    }

    /** Answers before the files are asked, or not. */
    private interface Script {
        Optional<Fetched> answer(FetchRequest request, ByteBuffer into)
                throws FetchException, InterruptedException;
    }

    private void restartOver(Script script) {
        FileTransport files = new FileTransport();
        engine =
                engineWith(
                        (request, into) -> {
                            var answer = script.answer(request, into);
                            return answer.isPresent() ? answer.get() : files.fetch(request, into);
                        });
    }
}
