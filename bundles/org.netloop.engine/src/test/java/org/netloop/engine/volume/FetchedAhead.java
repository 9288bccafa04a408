package org.netloop.engine.volume;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.cache.BlockCache;
import org.netloop.api.index.Reference;
import org.netloop.api.profile.Profile;
import org.netloop.api.profile.ProfileFormat;
import org.netloop.api.transport.Repository;
import org.netloop.api.transport.Transport;
import org.netloop.api.volume.Volumes.OpenVolume;
import org.netloop.api.volume.Volumes.Prefetch;
import org.netloop.api.volume.Volumes.VolumeSpec;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Base of tests of what is fetched before it is read. */
abstract class FetchedAhead {
    static final int BLOCK = TestFormat.BLOCK;
    static final String PATH = "/profiles/boot";

    final Engine engine = new Engine(1 << 20, Duration.ofSeconds(5));
    final ScriptedTransport transport = new ScriptedTransport();
    final TestFormat format = new TestFormat(transport);
    final MapCache stored = new MapCache();
    Profile profile = profile(5, 2, TestFormat.HOLE, 6);

    @BeforeEach
    void installBackends() {
        engine.bindTransport(transport, Map.of(Transport.SCHEMES, new String[] {"test"}));
        engine.bindFormat(format, Map.of());
        engine.bindCodec(new XorCodec(), Map.of());
        engine.bindCache(new MapCache(), Map.of(BlockCache.TIER, BlockCache.TIER_PLAIN));
        engine.bindCache(stored, Map.of(BlockCache.TIER, BlockCache.TIER_STORED));
        engine.bindProfiles(new OneProfile(), Map.of());
    }

    /** Treats every document as the same profile. */
    private final class OneProfile implements ProfileFormat {
        @Override
        public String path(Digest image, String name) {
            return "profiles/" + name;
        }

        @Override
        public Stream<String> objects(Repository repository, Digest image) {
            return Stream.of("profiles/" + Profile.BOOT);
        }

        @Override
        public boolean isObject(String path) {
            return path.startsWith("profiles/");
        }

        @Override
        public Profile read(String object, ByteBuffer document) {
            return profile;
        }

        @Override
        public ByteBuffer write(Profile any) {
            throw new UnsupportedOperationException("nobody writes here");
        }
    }

    Profile profile(int... blocks) {
        return new Profile(
                Digest.of(DigestAlgorithm.SHA256, ByteBuffer.wrap(format.image)),
                Profile.BOOT,
                Arrays.stream(blocks)
                        .mapToObj(block -> new Profile.Entry((long) block * BLOCK, BLOCK, 0))
                        .toList(),
                null);
    }

    OpenVolume open(Prefetch prefetch) throws Exception {
        return engine.open(
                new VolumeSpec(
                        "root",
                        Reference.parse("test://a/"),
                        List.of(),
                        Duration.ofSeconds(60),
                        prefetch));
    }

    byte[] read(OpenVolume volume, long offset, int length) throws Exception {
        ByteBuffer into = ByteBuffer.allocate(length);
        volume.read(offset, into);
        return into.array();
    }

    byte[] expected(long offset, int length) {
        return Arrays.copyOfRange(format.image, (int) offset, (int) offset + length);
    }

    static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + 60_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.onSpinWait();
        }
    }

    /**
     * Returns the number of blocks in the stored cache, besides the object that the image was found
     * by.
     */
    long kept() {
        return IntStream.range(0, TestFormat.BLOCKS)
                .filter(number -> number != TestFormat.HOLE)
                .filter(number -> stored.blocks.containsKey(format.stored(number).key()))
                .count();
    }

    List<String> blocksAsked() {
        return transport.requests.stream()
                .map(uri -> uri.getPath().substring(1))
                .filter(path -> path.startsWith("block"))
                .toList();
    }

    void whenTheProfileIsAsked(ScriptedTransport.Fault fault) {
        transport.faults.put(
                "a",
                (request, into) -> {
                    if (request.uri().getPath().equals(PATH)) {
                        fault.happen(request, into);
                    }
                });
    }
}
