package org.netloop.cache.memory;

import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.block.Extent;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.block.Verification;
import org.netloop.api.cache.BlockCache;
import org.netloop.api.index.ImageInfo;
import org.netloop.api.index.Index;
import org.netloop.api.index.IndexFormat;
import org.netloop.api.index.ObjectReader;
import org.netloop.api.index.Reference;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchRequest;
import org.netloop.api.transport.Fetched;
import org.netloop.api.transport.Transport;
import org.netloop.api.volume.VolumeException;
import org.netloop.api.volume.Volumes.OpenVolume;
import org.netloop.api.volume.Volumes.VolumeSpec;
import org.netloop.engine.volume.Engine;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * A read that the plain cache answers, from the volume on down: what a frontend adds its own to. In
 * the cache's package, as the cache is made without a framework. {@code -prof gc} tells what a read
 * allocates.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class WarmReadBenchmark {
    private static final int BLOCK = 256 << 10;
    private static final int BLOCKS = 64;
    private static final int SECTOR = 4096;
    private static final URI MIRROR = URI.create("bench://mirror/");

    private final Engine engine = new Engine(64L << 20, Duration.ofSeconds(1));
    private final OffHeapCache cache = new OffHeapCache(128L << 20);

    // Set by warm, which comes before all else.
    @SuppressWarnings("NullAway.Init")
    private OpenVolume volume;

    /** Reads all of it once. */
    @Setup
    public void warm() throws IOException, InterruptedException {
        engine.bindTransport(new Zeros(), Map.of(Transport.SCHEMES, "bench"));
        engine.bindFormat(new Ones(), Map.of());
        engine.bindCache(cache, Map.of(BlockCache.TIER, BlockCache.TIER_PLAIN));
        volume =
                engine.open(
                        new VolumeSpec(
                                "bench",
                                new Reference(MIRROR, null, null),
                                List.of(),
                                Duration.ofSeconds(10)));
        volume.read(0, ByteBuffer.allocate(BLOCKS * BLOCK));
    }

    /** Ends it. */
    @TearDown
    public void end() {
        volume.close();
        cache.close();
    }

    /** A thread's own buffer. */
    @State(Scope.Thread)
    public static class Reader {
        final ByteBuffer into = ByteBuffer.allocateDirect(SECTOR);
        final ByteBuffer large = ByteBuffer.allocateDirect(BLOCK);
    }

    private static long random(int unit) {
        return (long) ThreadLocalRandom.current().nextInt(BLOCKS * (BLOCK / unit)) * unit;
    }

    /** 4 KiB anywhere, as frontends do it first. */
    @Benchmark
    public boolean readIfPresent(Reader reader) {
        return volume.readIfPresent(random(SECTOR), reader.into.clear());
    }

    /** The same by as many threads as FUSE or NBD clients have requests under way. */
    @Benchmark
    @Threads(8)
    public boolean readIfPresentByEight(Reader reader) {
        return volume.readIfPresent(random(SECTOR), reader.into.clear());
    }

    /** A whole block: the copy decides. */
    @Benchmark
    public boolean readBlockIfPresent(Reader reader) {
        return volume.readIfPresent(random(BLOCK), reader.large.clear());
    }

    /** The way that waits where it has to. */
    @Benchmark
    public ByteBuffer read(Reader reader) throws VolumeException, InterruptedException {
        volume.read(random(SECTOR), reader.into.clear());
        return reader.into;
    }

    private static final class Zeros implements Transport {
        @Override
        public Fetched fetch(FetchRequest request, ByteBuffer into) {
            long length = request.length() < 0 ? BLOCK : request.length();
            into.position(into.position() + (int) Math.min(length, into.remaining()));
            return new Fetched(length, null);
        }
    }

    /** An index whose blocks are the same with each look, as that of netloop's segments are. */
    private static final class Ones implements IndexFormat, Index {
        private final List<Block> blocks = new ArrayList<>();

        Ones() {
            for (int i = 0; i < BLOCKS; i++) {
                Digest name =
                        Digest.of(DigestAlgorithm.SHA256, ByteBuffer.allocate(4).putInt(0, i));
                blocks.add(
                        new Block(
                                (long) i * BLOCK,
                                BLOCK,
                                new StoredBlock(
                                        name,
                                        org.netloop.api.block.Verification.NONE,
                                        "block" + i,
                                        0,
                                        BLOCK,
                                        StoredBlock.Span.RANGE,
                                        StoredBlock.PLAIN,
                                        null)));
            }
        }

        @Override
        public String id() {
            return "ones";
        }

        @Override
        public String entry(Reference reference) {
            return "entry";
        }

        @Override
        public boolean recognises(ByteBuffer head) {
            return true;
        }

        @Override
        public Index open(Reference reference, ObjectReader objects) throws FetchException {
            return this;
        }

        @Override
        public ImageInfo image() {
            return new ImageInfo(
                    blocks.getFirst().stored().orElseThrow().key(),
                    id(),
                    (long) BLOCKS * BLOCK,
                    BLOCK,
                    StoredBlock.PLAIN,
                    null,
                    -1,
                    Map.of(),
                    Verification.STORED);
        }

        @Override
        public Block block(long offset) {
            return blocks.get((int) (offset / BLOCK));
        }

        @Override
        public Block blockIfLoaded(long offset) {
            return block(offset);
        }

        @Override
        public Extent extent(long offset) {
            return new Extent(offset, (long) BLOCKS * BLOCK - offset, false);
        }
    }
}
