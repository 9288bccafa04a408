package org.netloop.engine.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.cache.BlockCache;
import org.netloop.api.mirror.MirroredRepository;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.Transport;

import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

@Timeout(60)
class OpenRepositoriesTest {
    private static final int MOST = 4 << 20;
    private static final int READERS = 10;

    private final Engine engine = new Engine(1 << 20, Duration.ofSeconds(5));
    private final ScriptedTransport transport = new ScriptedTransport();
    private final MapCache cache = new MapCache();
    private final MirroredRepository repository = repository("test://a/");

    private MirroredRepository repository(String... mirrors) {
        return new OpenRepositories(engine)
                .open(Arrays.stream(mirrors).map(URI::create).toList(), Duration.ofSeconds(30));
    }

    @BeforeEach
    void installBackends() {
        engine.bindTransport(transport, Map.of(Transport.SCHEMES, "test"));
    }

    private Digest offer(String path, int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        transport.objects.put("/" + path, bytes);
        return Digest.of(DigestAlgorithm.SHA256, ByteBuffer.wrap(bytes));
    }

    private void assertComes(String path, Digest digest) throws Exception {
        assertThat(repository.block(path, digest, MOST))
                .isEqualTo(ByteBuffer.wrap(transport.objects.get("/" + path)));
    }

    @Test
    void manyWhoWantABlockAtOnceShareOneFetch() throws Exception {
        engine.bindCache(cache, Map.of(BlockCache.TIER, BlockCache.TIER_STORED));
        Digest digest = offer("block", 1000);
        CountDownLatch all = new CountDownLatch(1);
        transport.faults.put("a", (_, _) -> all.await());
        try (ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> reads = new ArrayList<>();
            CountDownLatch begun = new CountDownLatch(READERS);
            for (int i = 0; i < READERS; i++) {
                reads.add(
                        readers.submit(
                                () -> {
                                    begun.countDown();
                                    assertComes("block", digest);
                                    return null;
                                }));
            }
            begun.await();
            all.countDown();
            for (Future<?> read : reads) {
                read.get();
            }
        }
        assertThat(transport.requestsOf("/block")).isEqualTo(1);
    }

    @Test
    void aBlockIsKeptAndAskedForNoMore() throws Exception {
        engine.bindCache(cache, Map.of(BlockCache.TIER, BlockCache.TIER_STORED));
        Digest digest = offer("block", 1000);
        assertComes("block", digest);
        assertComes("block", digest);
        assertThat(transport.requestsOf("/block")).isEqualTo(1);
        assertThat(repository.counts()).isEqualTo(new MirroredRepository.Counts(1, 0, 1, 1000, 0));
    }

    @Test
    void aBlockThatIsDamagedInTheCacheIsFetchedAgain() throws Exception {
        engine.bindCache(cache, Map.of(BlockCache.TIER, BlockCache.TIER_STORED));
        Digest digest = offer("block", 1000);
        cache.put(digest, ByteBuffer.allocate(1000));
        assertComes("block", digest);
        assertComes("block", digest);
        assertThat(transport.requestsOf("/block")).isEqualTo(1);
    }

    @Test
    void aMirrorThatSendsOtherBytesIsFollowedByTheNext() throws Exception {
        Digest digest = offer("block", 1000);
        transport.faults.put("a", (_, into) -> into.put(new byte[1000]));
        assertThat(repository("test://a/", "test://b/").block("block", digest, MOST))
                .isEqualTo(ByteBuffer.wrap(transport.objects.get("/block")));
    }

    @Test
    void anObjectThatIsLongerThanUsualComesWhole() throws Exception {
        assertComes("large", offer("large", 3 << 20));
        offer("document", 600 << 10);
        assertThat(repository.document("document", MOST).remaining()).isEqualTo(600 << 10);
    }

    @Test
    void anObjectThatIsTooLongIsRefused() {
        Digest digest = offer("huge", 2000);
        assertThatThrownBy(() -> repository.block("huge", digest, 1000))
                .isInstanceOf(FetchException.Corrupt.class)
                .hasMessageContaining("2000 of at most 1000");
    }

    /** Many times, because an answer that is still being given away was once given again. */
    @Test
    void aDocumentIsAskedForEachTime() throws Exception {
        for (int length = 1; length <= 1000; length++) {
            offer("channel", length);
            assertThat(repository.document("channel", MOST).remaining()).isEqualTo(length);
        }
    }

    @Test
    void whatNoMirrorHasIsMissing() {
        assertThatThrownBy(() -> repository.document("nothing", MOST))
                .isInstanceOf(FetchException.Missing.class);
    }
}
