package org.netloop.jmh;

import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.codec.CodecException;
import org.netloop.codec.zstd.ZstdCodec;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Cost of a block of 256 KiB on its way out of the disk cache: verified, and decoded. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class BlockBenchmark {
    private static final int BLOCK = 256 << 10;
    private static final int WORDS = 1 << 12;
    private static final int WORD = 8;

    private final ZstdCodec codec = new ZstdCodec();
    private final ByteBuffer plain = ByteBuffer.allocateDirect(BLOCK);
    private final ByteBuffer stored = ByteBuffer.allocateDirect(codec.maxEncodedLength(BLOCK));
    private Digest digest = Digest.of(DigestAlgorithm.SHA256, ByteBuffer.allocate(0));

    /** Words out of a small dictionary: it shrinks to about a third, as files do. */
    @Setup
    public void encode() throws CodecException {
        Random random = new Random(2006);
        byte[] dictionary = new byte[WORDS * WORD];
        random.nextBytes(dictionary);
        while (plain.hasRemaining()) {
            plain.put(dictionary, random.nextInt(WORDS) * WORD, WORD);
        }
        codec.encode(plain.flip(), stored, codec.levels().standard());
        digest = Digest.of(DigestAlgorithm.SHA256, stored.flip());
    }

    /** Verification. */
    @Benchmark
    public boolean verify() {
        return digest.matches(stored);
    }

    /** Decoding, by zstd at its standard level. */
    @Benchmark
    public ByteBuffer decode() throws CodecException {
        codec.decode(stored.duplicate(), plain.clear());
        return plain;
    }
}
