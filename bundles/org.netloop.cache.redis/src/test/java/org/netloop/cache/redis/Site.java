package org.netloop.cache.redis;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The servers and caches of one test, which end with it. */
final class Site implements AutoCloseable {
    private final Path home;
    final List<RedisServer> servers = new ArrayList<>();
    final List<RedisCache> caches = new ArrayList<>();

    Site(Path home) {
        this.home = home;
    }

    RedisServer server(String... options) throws Exception {
        RedisServer server = RedisServer.start(home, options);
        servers.add(server);
        return server;
    }

    /** Opens a cache, and waits until it is in touch with its server. */
    RedisCache open(Map<String, Object> settings) throws Exception {
        RedisCache cache = Opened.startInTouch(settings);
        caches.add(cache);
        return cache;
    }

    void closeCaches() {
        caches.forEach(RedisCache::stop);
        caches.clear();
    }

    @Override
    public void close() {
        closeCaches();
        servers.forEach(RedisServer::close);
    }
}
