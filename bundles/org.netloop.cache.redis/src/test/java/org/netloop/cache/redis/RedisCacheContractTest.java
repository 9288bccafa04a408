package org.netloop.cache.redis;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.api.cache.BlockCache;
import org.netloop.tck.SharedCacheContract;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The contract of the tier, with one server. */
final class RedisCacheContractTest extends SharedCacheContract {
    @TempDir Path home;

    private final List<RedisCache> opened = new ArrayList<>();
    private RedisServer server;

    @BeforeEach
    void start() throws Exception {
        server = RedisServer.start(home);
    }

    @AfterEach
    void closeAll() {
        opened.forEach(RedisCache::stop);
        server.close();
    }

    @Override
    protected BlockCache open() throws Exception {
        RedisCache cache = Opened.startInTouch(Opened.at(server.node()));
        opened.add(cache);
        return cache;
    }

    @Override
    protected void silence() throws Exception {
        server.signal("STOP");
    }

    @Override
    protected void stop() {
        server.kill();
    }

    @Override
    protected void resume() throws Exception {
        if (server.isAlive()) {
            server.signal("CONT");
        } else {
            server.restart();
        }
    }
}
