package org.netloop.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.netloop.api.publish.Published;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.Repository.Entry;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** Tests the leftovers of publishing that ends too early, and how the next run continues. */
@Timeout(60)
class ResumeTest {
    @TempDir Path directory;

    private final byte[] image = Bench.image(21, 2000, 33);

    private Bench bench() {
        return new Bench(directory.resolve("state"));
    }

    private Published publish(Bench bench) throws IOException, InterruptedException {
        return bench.publish(new ByteArrayInputStream(image));
    }

    private Published expected() throws Exception {
        return publish(new Bench(directory.resolve("elsewhere")));
    }

    @Test
    void aRunThatDiesAnywhereLeavesNoManifestAndTheNextOneSucceeds() throws Exception {
        Published expected = expected();
        Random random = new Random(5);
        Bench bench = bench();
        for (int round = 0; round < 20; round++) {
            bench.settings = bench.settings(3, Duration.ofMillis(10));
            AtomicInteger left = new AtomicInteger(random.nextInt(50));
            bench.repository.onPut =
                    path -> {
                        if (left.getAndDecrement() <= 0) {
                            throw new IOException("died at " + path);
                        }
                    };
            assertThatThrownBy(() -> publish(bench)).hasMessageStartingWith("died at blocks/");
            assertThat(bench.repository.list("images/")).isEmpty();
            bench.repository.powerCut(random);
        }
        bench.repository.onPut = _ -> {};
        Published published = publish(bench);
        assertThat(published.image()).isEqualTo(expected.image());
        assertThat(bench.read(published)).isEqualTo(ByteBuffer.wrap(image));
    }

    @Test
    void aRunGoesOnFromTheLastCheckpoint() throws Exception {
        Bench bench = bench();
        bench.settings = bench.settings(2, Duration.ofMillis(10));
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch second = new CountDownLatch(2);
        AtomicInteger puts = new AtomicInteger();
        bench.repository.onSync =
                _ -> {
                    first.countDown();
                    second.countDown();
                };
        bench.repository.onPut =
                _ -> {
                    int number = puts.incrementAndGet();
                    if (number > 150) {
                        Bench.await(first);
                    }
                    if (number > 300) {
                        Bench.await(second); // it begins after what the first one covered was noted
                        throw new IOException("died");
                    }
                };
        assertThatThrownBy(() -> publish(bench)).hasMessage("died");
        bench.repository.powerCut(new Random(1));
        bench.repository.onPut = _ -> {};
        int before = bench.codec.encodings.get();
        Published published = publish(bench);
        assertThat(bench.codec.encodings.get() - before)
                .isLessThan((int) published.distinctBlocks());
        assertThat(bench.read(published)).isEqualTo(ByteBuffer.wrap(image));
    }

    @Test
    void aPublishedImageIsPublishedAgainWithoutEncodingAnything() throws Exception {
        Bench bench = bench();
        Published first = publish(bench);
        int before = bench.codec.encodings.get();
        Published second = publish(bench);
        assertThat(second.image()).isEqualTo(first.image());
        assertThat(second.newBlocks()).isZero();
        assertThat(second.distinctBlocks()).isEqualTo(first.distinctBlocks());
        assertThat(bench.codec.encodings.get() - before).isEqualTo(1);
    }

    @Test
    void blocksThatVanishedFromTheRepositoryArePutAgain() throws Exception {
        Bench bench = bench();
        Published first = publish(bench);
        Random random = new Random(3);
        for (String path : bench.repository.list("blocks/").map(entry -> entry.path()).toList()) {
            switch (random.nextInt(10)) {
                case 0 -> bench.repository.delete(path);
                case 1 -> bench.repository.objects.put(path, new byte[3]);
                default -> {}
            }
        }
        Published second = publish(bench);
        assertThat(second.newBlocks()).isPositive().isLessThan(first.distinctBlocks());
        assertThat(bench.read(second)).isEqualTo(ByteBuffer.wrap(image));
    }

    @Test
    void aBlockThatVanishedAndWasPutAgainIsNotTrustedBeforeItIsDurable() throws Exception {
        Bench bench = bench();
        publish(bench);
        bench.repository.objects.clear();
        bench.repository.durable.clear();
        AtomicInteger left = new AtomicInteger(200);
        bench.repository.onPut =
                _ -> {
                    if (left.getAndDecrement() <= 0) {
                        throw new IOException("died");
                    }
                };
        assertThatThrownBy(() -> publish(bench)).hasMessage("died");
        bench.repository.objects.replaceAll((_, bytes) -> new byte[bytes.length]);
        bench.repository.onPut = _ -> {};
        assertThat(bench.read(publish(bench))).isEqualTo(ByteBuffer.wrap(image));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aBlockDamagedInTheRepositoryIsPutAgain(boolean chunks) throws Exception {
        Bench bench = bench();
        bench.format.chunks = chunks;
        Published first = publish(bench);
        String damaged = firstBlock(bench);
        byte[] whole = object(bench, damaged).clone();
        object(bench, damaged)[whole.length / 2] ^= 1;
        Published second = publish(bench);
        assertThat(bench.repository.objects.get(damaged)).isEqualTo(whole);
        assertThat(second.newBlocks()).isOne();
        assertThat(second.image()).isEqualTo(first.image());
        assertThat(bench.read(second)).isEqualTo(ByteBuffer.wrap(image));
    }

    @Test
    void aBlockDamagedInTheRepositoryIsPutAgainWithoutAJournalToo() throws Exception {
        Bench bench = bench();
        publish(bench);
        String damaged = firstBlock(bench);
        object(bench, damaged)[0] ^= 1;
        Published second = publish(new Bench(directory.resolve("other"), bench.repository));
        assertThat(second.newBlocks()).isOne();
        assertThat(bench.read(second)).isEqualTo(ByteBuffer.wrap(image));
    }

    private static byte[] object(Bench bench, String path) {
        return Objects.requireNonNull(bench.repository.objects.get(path));
    }

    private static String firstBlock(Bench bench) {
        return bench.repository.list("blocks/").map(Entry::path).sorted().findFirst().orElseThrow();
    }

    @Test
    void aBlockDeletedWhileItIsPackedIsNoticedBeforeTheChannelMoves() throws Exception {
        Bench bench = bench();
        bench.channel = "stable";
        bench.repository.onPut =
                path -> {
                    if (path.startsWith("images/")) {
                        bench.repository.delete(firstBlock(bench));
                    }
                };
        assertThatThrownBy(() -> publish(bench))
                .isInstanceOf(FetchException.Missing.class)
                .hasMessageContaining("was not published")
                .hasMessageContaining("blocks/");
        assertThat(bench.format.channels).isEmpty();
        bench.repository.onPut = _ -> {};
        assertThat(bench.read(publish(bench))).isEqualTo(ByteBuffer.wrap(image));
        assertThat(bench.format.channels).hasSize(1);
    }

    /** A format without a list of images does not write its root then. */
    @Test
    void aChunkDeletedWhileItIsPackedIsNoticedBeforeTheIndexIsWritten() throws Exception {
        Bench bench = bench();
        bench.channel = null;
        bench.format.chunks = true;
        bench.format.hasCatalog = false;
        AtomicInteger puts = new AtomicInteger();
        bench.repository.onPut =
                _ -> {
                    if (puts.incrementAndGet() == 500) {
                        bench.repository.delete(firstBlock(bench));
                    }
                };
        assertThatThrownBy(() -> publish(bench)).isInstanceOf(FetchException.Missing.class);
        assertThat(bench.repository.list("images/")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void aGarbledJournalCostsTimeOnly(long seed) throws Exception {
        Bench bench = bench();
        Published first = publish(bench);
        Random random = new Random(seed);
        Path journal = journal();
        byte[] bytes = Files.readAllBytes(journal);
        for (int i = 0; i < seed; i++) {
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 + random.nextInt(255));
        }
        Files.write(journal, Arrays.copyOf(bytes, bytes.length - random.nextInt(200)));
        Published second = publish(bench);
        assertThat(second.image()).isEqualTo(first.image());
        assertThat(second.newBlocks()).isZero();
        int before = bench.codec.encodings.get();
        publish(bench);
        assertThat(bench.codec.encodings.get() - before).isEqualTo(1);
    }

    private Path journal() throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve("state"))) {
            return files.filter(Files::isRegularFile).findFirst().orElseThrow();
        }
    }

    @Test
    void withoutAPlaceForTheJournalItIsPublishedNevertheless() throws Exception {
        Bench bench = new Bench(Files.writeString(directory.resolve("state"), "a file"));
        assertThat(bench.read(publish(bench))).isEqualTo(ByteBuffer.wrap(image));
    }

    @Test
    void twoAtATimeForOneRepositoryGiveTheSame() throws Exception {
        Bench one = bench();
        Bench two = new Bench(directory.resolve("state"), one.repository);
        FutureTask<Published> other = new FutureTask<>(() -> publish(two));
        Thread thread = Thread.ofPlatform().start(other);
        Published published = publish(one);
        thread.join();
        assertThat(other.get().image()).isEqualTo(published.image());
        assertThat(one.read(published)).isEqualTo(ByteBuffer.wrap(image));
    }
}
