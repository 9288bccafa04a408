package org.netloop.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.api.status.Measures;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A server that is full, wrong, or dies in the middle. */
@Timeout(120)
final class FaultsTest {
    private static final int THREADS = 8;
    private static final Duration MUCH_LONGER = Duration.ofSeconds(30);

    @TempDir Path home;

    private Site site;
    private RedisServer server;

    @BeforeEach
    void start() throws Exception {
        site = new Site(home);
        server = site.server();
    }

    @AfterEach
    void closeAll() {
        site.close();
    }

    private RedisCache open() throws Exception {
        return site.open(Opened.at(server.node()));
    }

    private static byte[] name(int seed) {
        return ("netloop:" + Opened.key(seed)).getBytes(StandardCharsets.UTF_8);
    }

    private void put(RedisCache cache, int seed) throws Exception {
        cache.put(Opened.key(seed), Opened.block(seed));
        RedisServer.await(() -> server.ask(jedis -> jedis.exists(name(seed))));
    }

    private static String said(RedisCache cache) {
        return cache.check().toString();
    }

    private static double measured(RedisCache cache, String name) {
        return Measures.number(
                cache.reports().getFirst().measures(), "netloop_shared_cache_" + name);
    }

    @Test
    void aServerThatIsFullStillAnswersAndIsGivenNothingForAWhile() throws Exception {
        RedisCache cache = open();
        put(cache, 1);
        server.ask(jedis -> jedis.configSet("maxmemory", "1"));
        cache.put(Opened.key(2), Opened.block(2));
        RedisServer.await(() -> said(cache).contains("takes no blocks: OOM"));
        cache.put(Opened.key(3), Opened.block(3));
        assertThat(Opened.has(cache, 3)).as("nothing waits for it").isFalse();
        assertThat(Opened.has(cache, 1)).as("look-ups go on").isTrue();
        assertThat(measured(cache, "up")).isEqualTo(1);
        assertThat(measured(cache, "refused_blocks")).isEqualTo(1);
    }

    @Test
    void aServerThatEvictsByItselfKeepsItsBudget() throws Exception {
        server.ask(jedis -> jedis.configSet("maxmemory", "6mb"));
        server.ask(jedis -> jedis.configSet("maxmemory-policy", "allkeys-lru"));
        RedisCache cache = open();
        for (int seed = 0; seed < 800; seed++) {
            cache.put(Opened.key(seed), Opened.block(seed));
            int one = seed;
            if (seed % 50 == 49) {
                RedisServer.await(() -> server.ask(jedis -> jedis.exists(name(one))));
            }
        }
        assertThat(server.keys()).isBetween(10L, 790L);
        assertThat(Opened.has(cache, 799)).isTrue();
        assertThat(said(cache)).doesNotContain("takes no blocks");
    }

    @Test
    void aWrongBlockIsDeletedThereAndManyOfThemSetTheServerAside() throws Exception {
        RedisCache cache = open();
        for (int seed = 0; seed < 20; seed++) {
            put(cache, seed);
        }
        for (int seed = 0; seed < 20; seed++) {
            byte[] name = name(seed);
            server.ask(jedis -> jedis.set(name, new byte[] {1, 2, 3}));
        }
        cache.remove(Opened.key(0));
        RedisServer.await(() -> !server.ask(jedis -> jedis.exists(name(0))));
        assertThat(measured(cache, "wrong_blocks")).isEqualTo(1);
        for (int seed = 1; seed < 20; seed++) {
            try (var got = cache.get(Opened.key(seed))) {
                if (got != null) {
                    cache.remove(Opened.key(seed));
                }
            }
        }
        assertThat(measured(cache, "set_aside")).isEqualTo(1);
        RedisServer.await(() -> measured(cache, "up") == 1);
    }

    @Test
    void aValueThatIsTooLongOrNoBlockAtAllIsAMiss() throws Exception {
        Map<String, Object> settings = Opened.at(server.node());
        settings.put("longest_block_kib", 16);
        RedisCache cache = site.open(settings);
        put(cache, 1);
        server.ask(jedis -> jedis.set(name(1), new byte[20 << 20]));
        assertThat(cache.get(Opened.key(1))).isNull();
        boolean isKept = server.ask(jedis -> jedis.exists(name(1)));
        assertThat(isKept).as("others may accept longer ones").isTrue();

        server.ask(jedis -> jedis.lpush(name(2), new byte[1]));
        server.ask(jedis -> jedis.set(name(3), new byte[0]));
        assertThat(cache.get(Opened.key(2))).isNull();
        assertThat(cache.get(Opened.key(3))).isNull();
        cache.put(Opened.key(4), ByteBuffer.allocate((16 << 10) + 1));
        assertThat(cache.get(Opened.key(4))).as("too long to be sent").isNull();
        assertThat(Opened.has(cache, 5)).isFalse();
        put(cache, 6);
    }

    @Test
    void aServerThatDiesUnderManyReadersDelaysEachALittle() throws Exception {
        RedisCache cache = open();
        put(cache, 1);
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<Future<Duration>> all = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                all.add(threads.submit(() -> longestLookUpUntilItIsAside(cache)));
            }
            server.kill();
            for (Future<Duration> one : all) {
                assertThat(one.get()).isLessThan(MUCH_LONGER);
            }
        }
        assertThat(measured(cache, "set_aside")).isEqualTo(1);
        assertThat(said(cache)).contains("it is not used");
    }

    private static Duration longestLookUpUntilItIsAside(RedisCache cache) {
        long longest = 0;
        while (measured(cache, "up") > 0) {
            long began = System.nanoTime();
            boolean _ = Opened.has(cache, 1);
            longest = Math.max(longest, System.nanoTime() - began);
        }
        return Duration.ofNanos(longest);
    }

    @Test
    void whatExceedsTheQueueIsDroppedAndTheRestArrives() throws Exception {
        Map<String, Object> settings = Opened.at(server.node());
        settings.put("queue_kib", 25);
        settings.put("answer_timeout_ms", 30_000);
        RedisCache cache = site.open(settings);
        server.signal("STOP");
        for (int seed = 0; seed < 10; seed++) {
            cache.put(Opened.key(seed), Opened.block(seed));
        }
        assertThat(measured(cache, "dropped_blocks")).isEqualTo(8);
        assertThat(measured(cache, "queued_bytes")).isLessThanOrEqualTo(25 << 10);
        server.signal("CONT");
        RedisServer.await(() -> server.keys() == 2);
        RedisServer.await(() -> measured(cache, "queued_bytes") == 0);
    }

    @Test
    void aStoppedCacheLeavesNoThreadAndNoConnection() throws Exception {
        RedisCache cache = open();
        put(cache, 1);
        site.closeCaches();
        assertThat(cache.get(Opened.key(1))).isNull();
        cache.put(Opened.key(2), Opened.block(2));
        RedisServer.await(() -> server.ask(jedis -> jedis.clientList().lines().count()) == 1);
    }
}
