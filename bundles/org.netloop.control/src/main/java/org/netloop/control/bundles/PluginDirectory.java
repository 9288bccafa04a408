package org.netloop.control.bundles;

import org.netloop.control.registry.DirectoryWatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * A directory of bundles that is watched: what is put there is installed, or takes the place of the
 * bundle of its name; what is taken away is removed, and what it had replaced is back.
 */
public final class PluginDirectory implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PluginDirectory.class);

    private static final Duration LOOK_EVERY = Duration.ofMillis(500);

    private record Stamp(FileTime modified, long length) {}

    private final Path directory;
    private final BundleManager manager;
    private final DirectoryWatch watch;

    /** Guarded by the monitor: what was seen, and what it is called if it was taken. */
    private final Map<Path, Stamp> seen = new HashMap<>();

    private final Map<Path, String> taken = new HashMap<>();

    /** Why files were not taken; replaced as a whole. */
    private volatile Map<String, String> refusals = Map.of();

    /** Begins to watch. */
    public PluginDirectory(Path directory, BundleManager manager) {
        this.directory = directory;
        this.manager = manager;
        this.watch = new DirectoryWatch(directory, "*.jar", LOOK_EVERY, this::changed);
    }

    private synchronized void changed() throws InterruptedException {
        Map<Path, Stamp> now = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.jar")) {
            for (Path file : files) {
                now.put(file, new Stamp(Files.getLastModifiedTime(file), Files.size(file)));
            }
        } catch (NoSuchFileException _) {
            LOG.info("{} is not there any more", directory);
        } catch (IOException e) {
            LOG.warn("{} cannot be read: {}", directory, e.getMessage());
            return;
        }
        Map<String, String> refused = new TreeMap<>(refusals);
        for (Path gone : seen.keySet().stream().filter(file -> !now.containsKey(file)).toList()) {
            seen.remove(gone);
            refused.remove(gone.getFileName().toString());
            String name = taken.remove(gone);
            if (name != null) {
                attempt(gone, refused, () -> remove(name));
            }
        }
        for (Map.Entry<Path, Stamp> file : now.entrySet()) {
            if (!file.getValue().equals(seen.put(file.getKey(), file.getValue()))) {
                attempt(file.getKey(), refused, () -> take(file.getKey()));
            }
        }
        refusals = Map.copyOf(refused);
    }

    @FunctionalInterface
    private interface Step {
        void run() throws IOException, InterruptedException;
    }

    private static void attempt(Path file, Map<String, String> refused, Step step)
            throws InterruptedException {
        String name = file.getFileName().toString();
        try {
            step.run();
            refused.remove(name);
        } catch (IOException e) {
            refused.put(name, String.valueOf(e.getMessage()));
            LOG.warn("plugin {} is refused: {}", file, e.getMessage());
        }
    }

    private void take(Path file) throws IOException, InterruptedException {
        String name = BundleFile.read(file).name();
        if (manager.isInstalled(name)) {
            manager.update(file);
        } else {
            manager.install(file);
        }
        taken.put(file, name);
    }

    private void remove(String name) throws IOException, InterruptedException {
        if (manager.hasFormer(name)) {
            manager.rollback(name);
        } else if (manager.isInstalled(name)) {
            manager.uninstall(name);
        }
    }

    /** Why files were not taken, by their names. */
    public Map<String, String> refusals() {
        return refusals;
    }

    @Override
    public void close() {
        watch.close();
    }
}
