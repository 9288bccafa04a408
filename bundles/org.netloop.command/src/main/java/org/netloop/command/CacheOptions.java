package org.netloop.command;

import org.jspecify.annotations.Nullable;
import org.netloop.api.cache.BlockCache;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.util.tracker.ServiceTracker;

import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Dictionary;
import java.util.Hashtable;

/** What a command keeps of what it fetches, and where. */
final class CacheOptions {
    private static final String DISK_CACHE = "org.netloop.cache.disk";
    private static final String PLAIN_CACHE = "org.netloop.cache.memory.plain";
    private static final String BUDGET = "budget.mib";
    private static final long MEBI = 1 << 20;
    private static final long LONGEST_START_MS = 5_000;

    @Option(
            names = "--cache",
            paramLabel = "DIR",
            description = "Where fetched blocks are kept (default: $XDG_CACHE_HOME/netloop/blocks)")
    private @Nullable Path directory;

    @Option(
            names = "--cache-size",
            paramLabel = "SIZE",
            converter = Sizes.Converter.class,
            description = "How many bytes they may take: 20G (default: 80 %% of the file system)")
    private long size;

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            converter = Sizes.Converter.class,
            description = "Memory for plain blocks, outside of the heap (default: 128M)")
    private long memory;

    @Option(names = "--no-cache", description = "Keep nothing on disk")
    private boolean none;

    /** Configures the caches, and waits until the one on disk is there. */
    void apply(ConfigurationAdmin configurations, BundleContext context)
            throws IOException, InterruptedException {
        if (memory > 0) {
            Dictionary<String, Object> settings = new Hashtable<>();
            settings.put(BUDGET, mebi(memory));
            configurations.getConfiguration(PLAIN_CACHE, "?").update(settings);
        }
        if (none) {
            return;
        }
        Path chosen = (directory == null ? standardDirectory() : directory).toAbsolutePath();
        Files.createDirectories(chosen);
        Dictionary<String, Object> settings = new Hashtable<>();
        settings.put("directory", chosen.toString());
        settings.put(BUDGET, mebi(size));
        configurations.getConfiguration(DISK_CACHE, "?").update(settings);
        await(context, chosen);
    }

    private static long mebi(long bytes) {
        return (bytes + MEBI - 1) / MEBI;
    }

    private static Path standardDirectory() {
        String base = System.getenv("XDG_CACHE_HOME");
        Path home = Path.of(System.getProperty("user.home"));
        return (base == null || base.isEmpty() ? home.resolve(".cache") : Path.of(base))
                .resolve("netloop/blocks");
    }

    private static void await(BundleContext context, Path directory)
            throws IOException, InterruptedException {
        String filter =
                "(&(objectClass="
                        + BlockCache.class.getName()
                        + ")("
                        + BlockCache.TIER
                        + "="
                        + BlockCache.TIER_STORED
                        + "))";
        try {
            ServiceTracker<BlockCache, BlockCache> tracker =
                    new ServiceTracker<>(context, context.createFilter(filter), null);
            tracker.open();
            try {
                if (tracker.waitForService(LONGEST_START_MS) == null) {
                    throw new IOException(
                            "no cache could be opened in "
                                    + directory
                                    + ": install the feature cache-disk, see the log, or use"
                                    + " --no-cache");
                }
            } finally {
                tracker.close();
            }
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
