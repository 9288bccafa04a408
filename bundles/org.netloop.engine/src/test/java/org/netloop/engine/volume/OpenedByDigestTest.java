package org.netloop.engine.volume;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.api.block.Digest;
import org.netloop.api.cache.BlockCache;
import org.netloop.api.index.Reference;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.Transport;
import org.netloop.api.volume.Volumes.OpenVolume;
import org.netloop.api.volume.Volumes.VolumeSpec;
import org.netloop.engine.volume.SignedRepository.Key;
import org.netloop.format.netloop.NetloopFormat;
import org.netloop.transport.file.FileTransport;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Tests the way back to an image that was opened through its channel, while no mirror answers. */
@Timeout(60)
class OpenedByDigestTest {
    @TempDir private Path temporary;

    private final MapCache kept = new MapCache();

    private Engine engineWith(Transport transport) {
        Engine made = new Engine(1 << 20, Duration.ofSeconds(1));
        made.bindTransport(transport, Map.of(Transport.SCHEMES, "file"));
        made.bindFormat(new NetloopFormat(), Map.of());
        made.bindCache(kept, Map.of(BlockCache.TIER, BlockCache.TIER_STORED));
        return made;
    }

    private static int content(Engine engine, Path repository, String suffix, Duration patience)
            throws Exception {
        Reference reference =
                Reference.parse(
                        repository.toUri().toString().replaceAll("/*$", "/").concat(suffix));
        try (OpenVolume volume = engine.open(new VolumeSpec("v", reference, List.of(), patience))) {
            ByteBuffer one = ByteBuffer.allocate(1);
            volume.read(0, one);
            return one.get(0);
        }
    }

    @Test
    void anImageOpenedThroughAChannelOpensByItsDigestWithoutMirrors() throws Exception {
        SignedRepository repository =
                new SignedRepository(new NetloopFormat(), temporary.resolve("repo"));
        Digest image =
                repository.publish(
                        7, SignedRepository.signing(Duration.ofDays(30), "", Key.make()));
        Duration patience = Duration.ofSeconds(30);
        assertThat(content(engineWith(new FileTransport()), repository.directory, "", patience))
                .isEqualTo(7);

        Transport down =
                (request, _) -> {
                    throw new FetchException.Unavailable(request.uri() + " is away", null);
                };
        Duration little = Duration.ofSeconds(3);
        assertThat(content(engineWith(down), repository.directory, "@" + image, little))
                .isEqualTo(7);
    }
}
