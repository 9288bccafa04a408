package org.netloop.engine.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.netloop.engine.volume.SignedRepository.signing;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.api.index.Reference;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.Transport;
import org.netloop.api.trust.TrustSpec;
import org.netloop.api.volume.Volumes.Opening;
import org.netloop.api.volume.Volumes.Prefetch;
import org.netloop.api.volume.Volumes.VolumeSpec;
import org.netloop.engine.volume.SignedRepository.Key;
import org.netloop.format.netloop.NetloopFormat;
import org.netloop.transport.file.FileTransport;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Tests that a look at a channel remembers the time, as an opening does. */
@Timeout(60)
class ClockSetBackTest {
    private static final Duration MONTH = Duration.ofDays(30);
    private static final Key OURS = Key.make();

    @TempDir private Path temporary;

    private Instant now = Instant.now();

    private Engine engine() {
        Engine made =
                new Engine(
                        1 << 20,
                        Duration.ofSeconds(1),
                        temporary.resolve("state"),
                        () -> now,
                        temporary.resolve("trust"));
        made.bindTransport(new FileTransport(), Map.of(Transport.SCHEMES, "file"));
        made.bindFormat(new NetloopFormat(), Map.of());
        made.bindVerifier(SignedRepository.SIGNIFY, Map.of());
        return made;
    }

    /** A volume for which the sequence of a channel does not count. */
    private static VolumeSpec spec(SignedRepository repository) throws FetchException {
        return new VolumeSpec(
                "v",
                Reference.parse(repository.directory.toString()),
                List.of(),
                Duration.ofSeconds(30),
                Prefetch.NONE,
                new Opening("", true),
                new TrustSpec(List.of(OURS.publicKey()), 1, List.of(), ""));
    }

    @Test
    void anExpiredChannelDoesNotComeBack() throws Exception {
        SignedRepository repository =
                new SignedRepository(new NetloopFormat(), temporary.resolve("repo"));
        repository.publish(1, signing(MONTH, "", OURS));
        SignedRepository old = repository.copy(temporary.resolve("old"));
        repository.sign(signing(MONTH.multipliedBy(3), "", OURS));
        VolumeSpec spec = spec(repository);
        List<URI> bases = List.of(spec.reference().repository());
        Engine engine = engine();
        try (OpenedVolume volume = engine.opener().open(spec, bases)) {
            now = now.plus(MONTH.multipliedBy(2));
            assertThat(engine.opener().leadsThere(volume.roots(), spec, bases, Duration.ZERO))
                    .isTrue();
        }

        now = now.minus(MONTH.multipliedBy(2));
        SignedRepository.delete(temporary.resolve("repo"));
        old.copy(temporary.resolve("repo"));
        assertThatThrownBy(() -> engine().open(spec))
                .isInstanceOf(FetchException.Untrusted.class)
                .hasMessageContaining("expired at");
    }
}
