package org.netloop.cache.redis;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.api.cache.BlockCache;
import org.netloop.tck.SharedCacheContract;

import java.nio.file.Path;

/** The contract of the tier, with one server. */
final class RedisCacheContractTest extends SharedCacheContract {
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

    @Override
    protected BlockCache open() throws Exception {
        return site.open(Opened.at(server.node()));
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
