package org.netloop.control.bundles;

import org.jspecify.annotations.Nullable;
import org.netloop.api.message.Failures;
import org.netloop.control.registry.FileStamps;
import org.netloop.control.registry.FileStamps.Stamp;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The plugins that the files of a directory come to: of several versions of one plugin, the newest
 * that can be installed. Thread-safe; one change at a time.
 */
final class Plugins {
    private static final Logger LOG = LoggerFactory.getLogger(Plugins.class);

    private record Taken(Path file, Stamp stamp) {}

    private final Path directory;
    private final BundleManager manager;

    /** Installed files by symbolic name. Guarded by the monitor. */
    private final Map<String, Taken> taken = new HashMap<>();

    /** Files of the first look that are as they were then. Guarded by the monitor. */
    private @Nullable Map<Path, Stamp> first;

    /** Reasons why files were refused, by file name; replaced as a whole. */
    private volatile Map<String, String> refusals = Map.of();

    Plugins(Path directory, BundleManager manager) {
        this.directory = directory;
        this.manager = manager;
    }

    Map<String, String> refusals() {
        return refusals;
    }

    /**
     * Installs, replaces and removes until what runs is what the files say; what was refused before
     * is tried again.
     *
     * @return whether plugins came or went
     * @throws IOException if what is gone cannot be removed
     */
    synchronized boolean settle(FileStamps files) throws IOException, InterruptedException {
        Map<String, String> refused = new TreeMap<>();
        Map<String, List<BundleFile>> versions = read(files, refused);
        first = unchanged(files);
        boolean changed = withdraw(files, versions);
        boolean progress;
        do {
            progress = false;
            for (List<BundleFile> ofOne : versions.values()) {
                progress |= take(ofOne, files, refused);
            }
            changed |= progress;
            // What one lacked another may have brought.
        } while (progress && !refused.isEmpty());
        tell(refused);
        return changed;
    }

    private Map<Path, Stamp> unchanged(FileStamps files) {
        Map<Path, Stamp> still = new HashMap<>(files.files());
        if (first != null) {
            still.entrySet().retainAll(first.entrySet());
        }
        return still;
    }

    /** Returns whether a file came, or was written, after the first look. */
    private boolean isNew(BundleFile plugin) {
        return first != null && !first.containsKey(plugin.file());
    }

    /** Returns the bundles by symbolic name, the newest first. */
    private Map<String, List<BundleFile>> read(FileStamps files, Map<String, String> refused) {
        Map<String, List<BundleFile>> versions = new TreeMap<>();
        for (Path file : files.files().keySet()) {
            try {
                PluginAccess.check(directory, file);
                BundleFile plugin = BundleFile.read(file);
                versions.computeIfAbsent(plugin.name(), _ -> new ArrayList<>()).add(plugin);
            } catch (IOException e) {
                refused.put(name(file), told(e));
            }
        }
        versions.values()
                .forEach(
                        each ->
                                each.sort(
                                        Comparator.comparing(BundleFile::version)
                                                .thenComparing(BundleFile::file)
                                                .reversed()));
        return versions;
    }

    /**
     * A file that is there, and cannot be taken as it is now, keeps what was taken of it before.
     */
    private boolean withdraw(FileStamps files, Map<String, List<BundleFile>> versions)
            throws IOException, InterruptedException {
        boolean changed = false;
        for (String name : List.copyOf(taken.keySet())) {
            if (!versions.containsKey(name)) {
                changed |= withdrawIfGone(name, files);
            }
        }
        return changed;
    }

    /** Takes the newest that can be; returns whether that is another than before. */
    private boolean take(List<BundleFile> versions, FileStamps files, Map<String, String> refused)
            throws IOException, InterruptedException {
        String name = versions.getFirst().name();
        boolean changed = false;
        @Nullable BundleFile winner = null;
        for (BundleFile plugin : versions) {
            if (winner != null) {
                refused.put(
                        name(plugin.file()),
                        winner + " of " + name(winner.file()) + " is used in its place");
                continue;
            }
            Taken wanted =
                    new Taken(
                            plugin.file(),
                            Objects.requireNonNull(files.files().get(plugin.file())));
            if (wanted.equals(taken.get(name))) {
                winner = plugin;
            } else {
                try {
                    manager.takePlugin(plugin, isNew(plugin));
                    taken.put(name, wanted);
                    refused.remove(name(plugin.file()));
                    winner = plugin;
                    changed = true;
                } catch (IOException e) {
                    refused.put(name(plugin.file()), told(e));
                }
            }
        }
        return changed || (winner == null && withdrawIfGone(name, files));
    }

    /** None of the files that are left is taken, and the one that was is gone. */
    private boolean withdrawIfGone(String name, FileStamps files)
            throws IOException, InterruptedException {
        Taken before = taken.get(name);
        if (before == null || files.files().containsKey(before.file())) {
            return false;
        }
        taken.remove(name);
        manager.withdrawPlugin(name);
        return true;
    }

    private void tell(Map<String, String> refused) {
        Map<String, String> before = refusals;
        refusals = Map.copyOf(refused);
        refused.forEach(
                (name, why) -> {
                    if (!why.equals(before.get(name))) {
                        LOG.warn("plugin {} is refused: {}", name, why);
                    }
                });
    }

    /**
     * Returns the message of a failure: reasons for refusals are written for people, those of the
     * file system are not.
     */
    private static String told(IOException failure) {
        return failure instanceof FileSystemException
                ? Failures.sentence(failure)
                : String.valueOf(failure.getMessage());
    }

    private static String name(Path file) {
        return file.getFileName().toString();
    }
}
