package org.netloop.control.bundles;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The files that bundles can be rolled back to, and which of all copies came from the directory of
 * plugins. Used by one thread at a time.
 */
final class FormerVersions {
    private static final int MOST = 3;

    private final BundleStore store;

    /** Files by symbolic name, the latest first. */
    private final Map<String, Deque<Path>> former = new HashMap<>();

    /** Copies that came from the plugin directory, also of the bundles that run. */
    private final Set<Path> plugins = new HashSet<>();

    FormerVersions(BundleStore store) {
        this.store = store;
    }

    /** Returns the files of a bundle, the latest first; taking one out is for the caller. */
    Deque<Path> of(String name) {
        return former.computeIfAbsent(name, _ -> new ArrayDeque<>());
    }

    /**
     * Adds the file that was replaced last. Of more than {@value #MOST} the oldest copies are
     * deleted; what features name is always there to be gone back to.
     */
    void push(String name, Path replaced) throws IOException {
        Deque<Path> files = of(name);
        files.push(replaced);
        Iterator<Path> oldest = files.descendingIterator();
        for (int many = files.size(); many > MOST && oldest.hasNext(); ) {
            Path file = oldest.next();
            if (store.isKept(file)) {
                oldest.remove();
                forget(file);
                many--;
            }
        }
    }

    /** Notes that a copy came from the plugin directory. */
    void notePlugin(Path file) {
        plugins.add(file);
    }

    /** Returns whether a copy came from the plugin directory. */
    boolean isPlugin(Path file) {
        return plugins.contains(file);
    }

    /** Deletes a copy that is not needed any more; other files are left alone. */
    void forget(Path file) throws IOException {
        plugins.remove(file);
        store.drop(file);
    }

    /** Deletes the former versions of a bundle that came from the plugin directory. */
    void forgetPlugins(String name) throws IOException {
        for (Path file : List.copyOf(of(name))) {
            if (isPlugin(file)) {
                of(name).remove(file);
                forget(file);
            }
        }
    }

    /** Deletes all former versions of a bundle. */
    void forgetAll(String name) throws IOException {
        for (Path file : of(name)) {
            forget(file);
        }
        former.remove(name);
    }
}
