package org.netloop.cache.disk;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;
import org.netloop.api.cache.BlockCache;
import org.netloop.api.cache.CacheStatistics;
import org.netloop.api.health.Finding;
import org.netloop.api.health.HealthCheck;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/** Stored blocks on disk. There once it is configured. */
@Component(
        service = {BlockCache.class, HealthCheck.class},
        configurationPid = "org.netloop.cache.disk",
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        property = {
            BlockCache.TIER + "=" + BlockCache.TIER_STORED,
            HealthCheck.NAME + "=cache-space"
        })
@Designate(ocd = DiskCache.Config.class)
public final class DiskCache implements BlockCache, HealthCheck {
    private static final long MEBI = 1 << 20;

    @ObjectClassDefinition(
            name = "Cache on disk",
            description = "Stored blocks in a directory, shared by all volumes")
    @interface Config {
        @AttributeDefinition(
                name = "Directory",
                description =
                        "Directory of the blocks, created if missing, accessible to its owner"
                                + " only; processes of one user may share it")
        @Nullable String directory();

        @AttributeDefinition(
                name = "Budget (MiB)",
                min = "0",
                description =
                        "Cache budget in MiB; the watermarks are percentages of it. 0: the"
                                + " size of the file system")
        long budget_mib() default 0;

        @AttributeDefinition(
                name = "High watermark (%)",
                min = "1",
                max = "100",
                description = "Eviction starts above this percentage")
        int high_watermark_percent() default 80;

        @AttributeDefinition(
                name = "Low watermark (%)",
                min = "1",
                max = "100",
                description = "Eviction stops below this percentage")
        int low_watermark_percent() default 70;
    }

    private final LateCache cache;
    private final SpaceCheck space;

    /**
     * Created by Declarative Services. A directory that cannot be used is no reason to fail: reads
     * go on without it.
     */
    @Activate
    public DiskCache(Config config) {
        String directory = config.directory();
        if (directory == null || directory.isBlank()) {
            throw new IllegalArgumentException(
                    "the cache on disk has no directory: set 'directory' of"
                            + " org.netloop.cache.disk");
        }
        Path path = Path.of(directory);
        Watermarks watermarks =
                new Watermarks(
                        config.budget_mib() * MEBI,
                        config.high_watermark_percent(),
                        config.low_watermark_percent());
        cache = new LateCache(path, () -> new FileCache(path, watermarks));
        space = new SpaceCheck(path, cache::isOpen);
    }

    @Activate
    void start() {
        cache.start();
    }

    @Deactivate
    void stop() {
        cache.close();
    }

    @Override
    public List<Finding> check() {
        return space.check();
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
    public void put(Digest key, ByteBuffer bytes) throws IOException {
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
