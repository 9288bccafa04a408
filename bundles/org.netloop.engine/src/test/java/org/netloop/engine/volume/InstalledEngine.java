package org.netloop.engine.volume;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.netloop.api.block.DerivedName;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.cache.BlockCache;
import org.netloop.api.index.Reference;
import org.netloop.api.transport.Transport;
import org.netloop.api.volume.Volumes.OpenVolume;
import org.netloop.api.volume.Volumes.VolumeSpec;

import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Base of tests of an engine over scripted mirrors, with caches where they are installed. */
abstract class InstalledEngine {
    /** Longer than anything takes that does not fail. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Time after which a read fails that cannot succeed. */
    static final Duration SHORT = Duration.ofSeconds(2);

    static final int BLOCK = TestFormat.BLOCK;

    Duration patience = PATIENCE;
    final Engine engine = new Engine(1 << 20, Duration.ofSeconds(5));
    final ScriptedTransport transport = new ScriptedTransport();
    final TestFormat format = new TestFormat(transport);
    final XorCodec codec = new XorCodec();
    final MapCache plain = new MapCache();
    final MapCache stored = new MapCache();

    @BeforeEach
    void installBackends() {
        engine.bindTransport(transport, Map.of(Transport.SCHEMES, new String[] {"test"}));
        engine.bindFormat(format, Map.of());
        engine.bindCodec(codec, Map.of());
    }

    void installCaches() {
        engine.bindCache(plain, Map.of(BlockCache.TIER, BlockCache.TIER_PLAIN));
        engine.bindCache(stored, Map.of(BlockCache.TIER, BlockCache.TIER_STORED));
    }

    static Digest digest(byte[] bytes) {
        return Digest.of(DigestAlgorithm.SHA256, ByteBuffer.wrap(bytes));
    }

    /** Makes the cache that of a client which opened the image before. */
    void rememberOpened(Digest image) {
        stored.blocks.put(DerivedName.of("opened image").with(image).digest(), image.bytes());
    }

    OpenVolume open(String... hosts) throws Exception {
        return open(Arrays.stream(hosts).map(host -> URI.create("test://" + host + "/")).toList());
    }

    OpenVolume open(List<URI> bases) throws Exception {
        return engine.open(
                new VolumeSpec(
                        "root",
                        new Reference(bases.getFirst(), null, null),
                        bases.subList(1, bases.size()),
                        patience));
    }

    static byte[] read(OpenVolume volume, long offset, int length) throws Exception {
        ByteBuffer into = ByteBuffer.allocateDirect(length);
        volume.read(offset, into);
        assertThat(into.hasRemaining()).isFalse();
        byte[] bytes = new byte[length];
        into.flip().get(bytes);
        return bytes;
    }

    byte[] expected(int offset, int length) {
        return Arrays.copyOfRange(format.image, offset, offset + length);
    }
}
