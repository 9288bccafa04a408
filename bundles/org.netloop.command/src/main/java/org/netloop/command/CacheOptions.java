package org.netloop.command;

import org.jspecify.annotations.Nullable;
import org.netloop.api.cache.BlockCache;
import org.netloop.api.command.SizeConverter;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.util.tracker.ServiceTracker;

import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Dictionary;
import java.util.Hashtable;

/** Cache options of a command: what it keeps of the fetched blocks, and where. */
final class CacheOptions {
    private static final String DISK_CACHE = "org.netloop.cache.disk";
    private static final String PLAIN_CACHE = "org.netloop.cache.memory.plain";
    private static final String BELOW_CACHES = "netloop/blocks";
    private static final String BUDGET = "budget.mib";
    private static final long MEBI = 1 << 20;
    private static final long LONGEST_START_MS = 5_000;

    @Option(
            names = "--cache",
            paramLabel = "DIR",
            description = "Directory of the disk cache (default: $XDG_CACHE_HOME/netloop/blocks)")
    private @Nullable Path directory;

    @Option(
            names = "--cache-size",
            paramLabel = "SIZE",
            converter = SizeConverter.class,
            description =
                    "Size limit of the disk cache, such as 20G (default: 80 %% of the file"
                            + " system)")
    private long size;

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            converter = SizeConverter.class,
            description = "Memory for decoded blocks, outside the Java heap (default: 128M)")
    private long memory;

    @Option(names = "--no-cache", description = "Use no disk cache")
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
        Path chosen = directory == null ? standardDirectory() : directory.toAbsolutePath();
        if (chosen == null) {
            serveWithout("there is no home directory for it; choose one by --cache");
        } else {
            open(chosen, configurations, context);
        }
    }

    /** A cache that cannot be had costs time, and not what was asked for. */
    private static void serveWithout(String reason) {
        System.err.println("netloop: nothing is kept on disk: " + reason);
    }

    private void open(Path chosen, ConfigurationAdmin configurations, BundleContext context)
            throws IOException, InterruptedException {
        Dictionary<String, Object> settings = new Hashtable<>();
        settings.put("directory", chosen.toString());
        settings.put(BUDGET, mebi(size));
        Configuration configuration = configurations.getConfiguration(DISK_CACHE, "?");
        configuration.update(settings);
        if (!opens(context)) {
            configuration.delete();
            serveWithout(
                    "no cache could be opened in "
                            + chosen
                            + ": see the log, or install the feature cache-disk");
        }
    }

    private static long mebi(long bytes) {
        return (bytes + MEBI - 1) / MEBI;
    }

    private static @Nullable Path standardDirectory() {
        return standardDirectory(
                System.getenv("XDG_CACHE_HOME"), System.getProperty("user.home", ""));
    }

    /** Null for a user without a home, whose Java says {@code ?}. */
    static @Nullable Path standardDirectory(@Nullable String caches, String home) {
        // As the XDG base directory specification has it: a relative path counts as none.
        if (caches != null && Path.of(caches).isAbsolute()) {
            return Path.of(caches).resolve(BELOW_CACHES);
        }
        return Path.of(home).isAbsolute()
                ? Path.of(home).resolve(".cache").resolve(BELOW_CACHES)
                : null;
    }

    private static boolean opens(BundleContext context) throws InterruptedException {
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
                return tracker.waitForService(LONGEST_START_MS) != null;
            } finally {
                tracker.close();
            }
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
