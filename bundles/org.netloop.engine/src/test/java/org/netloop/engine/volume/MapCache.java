package org.netloop.engine.volume;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;
import org.netloop.api.cache.BlockCache;
import org.netloop.api.cache.CacheStatistics;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A cache without a budget, which fails on request. */
final class MapCache implements BlockCache {
    final Map<Digest, byte[]> blocks = new ConcurrentHashMap<>();
    volatile boolean broken;

    @Override
    public @Nullable Cached get(Digest key) {
        if (broken) {
            throw new IllegalStateException("broken on request");
        }
        byte[] bytes = blocks.get(key);
        if (bytes == null) {
            return null;
        }
        return new Cached() {
            @Override
            public ByteBuffer bytes() {
                return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
            }

            @Override
            public void close() {
                // The collector has it.
            }
        };
    }

    @Override
    public boolean contains(Digest key) {
        return blocks.containsKey(key);
    }

    @Override
    public void put(Digest key, ByteBuffer bytes) throws IOException {
        if (broken) {
            throw new IOException("full on request");
        }
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        blocks.putIfAbsent(key, copy);
    }

    @Override
    public void remove(Digest key) {
        blocks.remove(key);
    }

    @Override
    public CacheStatistics statistics() {
        return new CacheStatistics(blocks.size(), 0, 0, 0, 0, 0, 0);
    }
}
