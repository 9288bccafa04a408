package org.netloop.publish;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.index.ImageSpec;
import org.netloop.api.publish.PublishSpec;
import org.netloop.api.publish.Published;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.CountDownLatch;

/** A publisher on a bench: with fakes, small blocks and few buffers. */
final class Bench {
    static final int BLOCK = 4096;

    final FakeRepository repository;
    final FakeFormat format = new FakeFormat();
    final FakeCodec codec = new FakeCodec();
    private final Path state;
    Settings settings;
    @Nullable String channel;
    int blockLength = BLOCK;

    Bench(Path state) {
        this(state, new FakeRepository());
    }

    Bench(Path state, FakeRepository repository) {
        this.state = state;
        this.repository = repository;
        this.settings = settings(4, Duration.ofHours(1));
    }

    Settings settings(int workers, Duration checkpointInterval) {
        return new Settings(workers, 4 << 20, 100_000, state, checkpointInterval);
    }

    ImagePublisher publisher() {
        return new ImagePublisher(
                settings,
                new Backends(
                        List.of(codec), List.of(format), Map.of("fake", repository.transport())),
                null);
    }

    PublishSpec spec() {
        return spec("fake", DigestAlgorithm.SHA256);
    }

    PublishSpec spec(String codecId, DigestAlgorithm digest) {
        ImageSpec image =
                new ImageSpec(blockLength, codecId, digest, null, Map.of("made", "today"));
        return new PublishSpec(FakeRepository.BASE, "fake", image, OptionalInt.empty(), channel);
    }

    Published publish(Path image) throws IOException, InterruptedException {
        return publisher().publish(image, spec(), _ -> {});
    }

    Published publish(InputStream image) throws IOException, InterruptedException {
        return publisher().publish(image, spec(), _ -> {});
    }

    ByteBuffer read(Published published) throws IOException {
        return format.read(repository, published.image(), codec);
    }

    /**
     * Blocks of every sort, in any order: noise, text, zeros, repetitions; the last one may be
     * short.
     */
    static byte[] image(long seed, int blocks, int tail) {
        Random random = new Random(seed);
        byte[] image = new byte[blocks * BLOCK + tail];
        byte[] block = new byte[BLOCK];
        for (int at = 0; at < image.length; at += BLOCK) {
            switch (random.nextInt(4)) {
                case 0 -> random.nextBytes(block);
                case 1 -> text(random, block);
                case 2 -> Arrays.fill(block, (byte) 0);
                default -> {} // the one before, once more
            }
            System.arraycopy(block, 0, image, at, Math.min(BLOCK, image.length - at));
        }
        return image;
    }

    private static void text(Random random, byte[] block) {
        for (int i = 0; i < block.length; i++) {
            block[i] = (byte) ('a' + random.nextInt(4));
        }
    }

    /** Waits on a thread of a repository, where an interruption is a failure of the repository. */
    static void await(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
