package org.netloop.cache.memory;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;
import org.netloop.api.cache.BlockCache;
import org.netloop.api.cache.CacheStatistics;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

import java.nio.ByteBuffer;

/** Plain blocks, near the reader. There without any configuration. */
@Component(
        service = BlockCache.class,
        configurationPid = "org.netloop.cache.memory.plain",
        property = BlockCache.TIER + "=" + BlockCache.TIER_PLAIN)
@Designate(ocd = PlainCache.Config.class)
public final class PlainCache implements BlockCache {
    private static final long MEBI = 1 << 20;

    @ObjectClassDefinition(name = "Cache of plain blocks")
    @interface Config {
        @AttributeDefinition(
                name = "Budget (MiB)",
                min = "1",
                description =
                        "Memory outside of the heap that blocks may take; may change at any time")
        int budget_mib() default 128;
    }

    private final OffHeapCache cache;

    /** By Declarative Services. */
    @Activate
    public PlainCache(Config config) {
        cache = new OffHeapCache(config.budget_mib() * MEBI);
    }

    @Modified
    void change(Config config) {
        cache.budget(config.budget_mib() * MEBI);
    }

    @Deactivate
    void stop() {
        cache.close();
    }

    @Override
    public @Nullable Cached get(Digest key) {
        return cache.get(key);
    }

    @Override
    public boolean contains(Digest key) {
        return cache.contains(key);
    }

    @Override
    public void put(Digest key, ByteBuffer bytes) {
        cache.put(key, bytes);
    }

    @Override
    public void remove(Digest key) {
        cache.remove(key);
    }

    @Override
    public CacheStatistics statistics() {
        return cache.statistics();
    }
}
