package org.netloop.cache.redis;

import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.cache.BlockCache;

import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/** Caches with chosen settings, and blocks for them. */
final class Opened {
    private Opened() {}

    /** Settings of a component, by name; what is not given is as by default. */
    static RedisCache.Config config(Map<String, Object> given) {
        Map<String, Object> all = new HashMap<>(given);
        return (RedisCache.Config)
                Proxy.newProxyInstance(
                        Opened.class.getClassLoader(),
                        new Class<?>[] {RedisCache.Config.class},
                        (_, method, _) ->
                                all.getOrDefault(
                                        method.getName(),
                                        Objects.requireNonNull(method.getDefaultValue())));
    }

    /** A cache at one node, with time for look-ups on a machine under load. */
    static Map<String, Object> at(String... nodes) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("nodes", nodes);
        settings.put("lookup_timeout_ms", 500);
        return settings;
    }

    static RedisCache start(Map<String, Object> settings) throws Exception {
        RedisCache cache = new RedisCache(config(settings));
        cache.start();
        return cache;
    }

    /** A cache that is in touch with its server. */
    static RedisCache startInTouch(Map<String, Object> settings) throws Exception {
        RedisCache cache = start(settings);
        RedisServer.await(
                () -> cache.check().stream().noneMatch(f -> f.message().contains("not used")));
        return cache;
    }

    static ByteBuffer block(int seed) {
        byte[] bytes = new byte[10_000];
        new Random(seed).nextBytes(bytes);
        return ByteBuffer.wrap(bytes);
    }

    static Digest key(int seed) {
        return Digest.of(DigestAlgorithm.SHA256, block(seed));
    }

    static boolean has(BlockCache cache, int seed) {
        try (BlockCache.Cached got = cache.get(key(seed))) {
            if (got != null && !got.bytes().equals(block(seed))) {
                throw new AssertionError("another block");
            }
            return got != null;
        }
    }
}
