package org.netloop.control.changes;

import org.jspecify.annotations.Nullable;
import org.netloop.api.message.Failures;
import org.netloop.api.plugin.PluginFile;
import org.netloop.control.bundles.BundleManager;
import org.netloop.control.bundles.Running;
import org.netloop.control.changes.BundleChange.Source;
import org.netloop.control.changes.BundleChange.State;
import org.netloop.control.registry.TrustedFiles;
import org.osgi.framework.Version;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Changes bundles as {@link BundleManager} does, and keeps what changed, so that the next process
 * makes the same changes again. Thread-safe; one change at a time.
 */
public final class LastingBundles {
    private static final Logger LOG = LoggerFactory.getLogger(LastingBundles.class);

    private final BundleManager manager;
    private final @Nullable ChangeStore store;
    private final Clock clock;

    /** Reasons why kept changes are not in force, by symbolic name. */
    private final Map<String, String> aside = new ConcurrentHashMap<>();

    /** Files that bundles of this process were installed from, by digest. Guarded by manager. */
    private final Map<String, String> origins = new LinkedHashMap<>();

    /** Digests of what features and plugins bring, by symbolic name. Guarded by manager. */
    private final Map<String, String> brought = new HashMap<>();

    /**
     * @param store null if changes end with the process
     */
    public LastingBundles(BundleManager manager, @Nullable ChangeStore store, Clock clock) {
        this.manager = manager;
        this.store = store;
        this.clock = clock;
    }

    /** A change of a bundle that is made by the manager. */
    private interface Change {
        String make() throws IOException, InterruptedException;
    }

    /**
     * Makes the kept changes again, in their order. One that cannot be made is set aside with a
     * warning, and tried again by the next process.
     */
    public void restore() throws InterruptedException {
        // As a whole: a plugin that comes meanwhile is one before or after all of them.
        synchronized (manager) {
            for (BundleChange change : kept()) {
                restoreOrSetAside(change);
            }
            manager.onPlugin(this::taken);
        }
    }

    private void restoreOrSetAside(BundleChange change) throws InterruptedException {
        try {
            restore(change);
            aside.remove(change.name());
        } catch (IOException | IllegalArgumentException e) {
            setAside(change.name(), Failures.sentence(e));
        }
    }

    private List<BundleChange> kept() {
        return store == null ? List.of() : store.bundles();
    }

    private void restore(BundleChange change) throws IOException, InterruptedException {
        Running beneath = manager.running(change.name()).orElse(null);
        if (beneath != null) {
            brought.put(change.name(), JarDigest.of(beneath.file()));
        }
        if (change.state() == State.REMOVED) {
            if (beneath != null) {
                manager.uninstall(change.name());
            }
            return;
        }
        if (change.source() != null) {
            Path jar = checked(change, change.source(), beneath);
            String said = beneath == null ? manager.install(jar) : manager.update(jar);
            LOG.info("{}, as it was kept", said);
        } else if (beneath == null) {
            throw new IOException("it is stopped, and nothing brings it any more");
        }
        if (change.state() == State.STOPPED) {
            manager.stop(change.name());
        }
    }

    private Path checked(BundleChange change, Source source, @Nullable Running beneath)
            throws IOException {
        if (beneath != null
                && !change.over().equals(beneath.version())
                && new Version(beneath.version()).compareTo(new Version(source.version())) > 0) {
            throw new IOException(
                    "version "
                            + beneath.version()
                            + " came with the deployment since, and is newer than "
                            + source.version());
        }
        Path jar = storeOf().jar(source);
        Optional<String> weakness = TrustedFiles.weakness(jar);
        if (weakness.isPresent()) {
            throw new IOException(weakness.get());
        }
        String digest = JarDigest.of(jar);
        if (!digest.equals(source.digest())) {
            throw new IOException(
                    jar + " has the digest " + digest + " instead of " + source.digest());
        }
        origins.put(digest, source.from());
        return jar;
    }

    private ChangeStore storeOf() {
        return Objects.requireNonNull(store, "nothing is kept");
    }

    /** Installs a bundle and starts it. */
    public String install(Path file) throws IOException, InterruptedException {
        return changed(PluginFile.read(file).name(), file, () -> manager.install(file));
    }

    /** Replaces the bundle of the same symbolic name. */
    public String update(Path file) throws IOException, InterruptedException {
        return changed(PluginFile.read(file).name(), file, () -> manager.update(file));
    }

    /** Brings back the version that the last update replaced. */
    public String rollback(String nameOrId) throws IOException, InterruptedException {
        return changed(manager.name(nameOrId), null, () -> manager.rollback(nameOrId));
    }

    /** Starts a bundle that was stopped. */
    public String start(String nameOrId) throws IOException, InterruptedException {
        return changed(manager.name(nameOrId), null, () -> manager.start(nameOrId));
    }

    /** Stops a bundle. */
    public String stop(String nameOrId) throws IOException, InterruptedException {
        return changed(manager.name(nameOrId), null, () -> manager.stop(nameOrId));
    }

    /** Stops and removes a bundle, with its former versions. */
    public String uninstall(String nameOrId) throws IOException, InterruptedException {
        return changed(manager.name(nameOrId), null, () -> manager.uninstall(nameOrId));
    }

    /** Forgets the kept change of a bundle; what runs is not changed. */
    public String forget(String name) throws IOException {
        // Not while a jar is kept that no change names yet: it would be deleted.
        synchronized (manager) {
            if (store == null || !store.forget(name)) {
                throw new IOException("no change of '" + name + "' is kept; see netloop bundle ls");
            }
            aside.remove(name);
        }
        return "the change of "
                + name
                + " is forgotten: after a restart it is what features and plugins bring";
    }

    private String changed(String name, @Nullable Path from, Change change)
            throws IOException, InterruptedException {
        synchronized (manager) {
            Running before = manager.running(name).orElse(null);
            if (store != null && before != null && store.bundle(name) == null) {
                brought.put(name, JarDigest.of(before.file()));
            }
            String said = change.make();
            if (store == null) {
                return said;
            }
            aside.remove(name);
            try {
                keep(store, name, before == null ? "" : before.version(), from);
                return said;
            } catch (IOException e) {
                String why = Failures.sentence(e);
                LOG.warn("{}, but that is not kept over a restart: {}", said, why);
                return said + ", but that is not kept over a restart: " + why;
            }
        }
    }

    private void keep(ChangeStore keeper, String name, String before, @Nullable Path from)
            throws IOException {
        BundleChange former = keeper.bundle(name);
        String over = former == null ? before : former.over();
        Running now = manager.running(name).orElse(null);
        if (now == null) {
            if (over.isEmpty()) {
                keeper.forget(name);
            } else {
                keeper.put(new BundleChange(name, over, State.REMOVED, null));
            }
            return;
        }
        State state = now.isActive() ? State.RUNS : State.STOPPED;
        String digest = JarDigest.of(now.file());
        boolean isBrought = now.isPlugin() || digest.equals(brought.get(name));
        if (isBrought && state == State.RUNS) {
            keeper.forget(name);
        } else {
            Source source = isBrought ? null : source(keeper, now, digest, from, name);
            keeper.put(new BundleChange(name, over, state, source));
        }
    }

    private Source source(
            ChangeStore keeper, Running now, String digest, @Nullable Path from, String name)
            throws IOException {
        BundleChange former = keeper.bundle(name);
        if (former != null && former.source() != null && former.source().digest().equals(digest)) {
            return former.source();
        }
        if (from != null) {
            origins.put(digest, from.toAbsolutePath().toString());
        }
        return new Source(
                keeper.keepJar(name, digest, now.file()),
                now.version(),
                digest,
                origins.getOrDefault(digest, "a former version"),
                clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
    }

    /** Returns whether each feature that was changed was added; else it was removed. */
    public Map<String, Boolean> features() {
        return store == null ? Map.of() : store.features();
    }

    /**
     * Keeps that a feature was added or removed: the former changes of its bundles are void.
     *
     * @param bundles the symbolic names of those that came or went
     * @return a sentence for who asked for it
     */
    public String keepFeature(String name, boolean added, Collection<String> bundles) {
        String said = "feature " + name + (added ? " is added" : " is removed");
        if (store == null) {
            return said;
        }
        aside.remove(ChangeStore.OF_FEATURE + name);
        try {
            for (String bundle : bundles) {
                BundleChange change = store.bundle(bundle);
                if (change != null && (!added || change.state() == State.REMOVED)) {
                    store.forget(bundle);
                }
            }
            store.putFeature(name, added);
            return said;
        } catch (IOException e) {
            return said + ", but that is not kept over a restart: " + Failures.sentence(e);
        }
    }

    /** Notes, with a warning, why a kept change of a feature is not in force. */
    public void setFeatureAside(String name, String why) {
        setAside(ChangeStore.OF_FEATURE + name, why);
    }

    private void setAside(String what, String why) {
        aside.put(what, why);
        LOG.warn(
                "the kept change of {} is set aside, and what features and plugins bring is used:"
                        + " {}",
                what,
                why);
    }

    /**
     * A plugin whose file came, or changed, while the process runs is the later wish; over one that
     * lay there before, and was taken late, the kept change is made again.
     */
    private void taken(String name, boolean isNew) {
        BundleChange change = store == null ? null : store.bundle(name);
        if (change == null) {
            return;
        }
        try {
            if (isNew) {
                storeOf().forget(name);
                aside.remove(name);
            } else {
                restoreOrSetAside(change);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // the thread of the plugins notices it
        } catch (IOException e) {
            LOG.warn("the kept change of {} is not forgotten: {}", name, Failures.sentence(e));
        }
    }

    /** Returns the reasons why kept changes are not in force, by symbolic name. */
    public Map<String, String> aside() {
        return new TreeMap<>(aside);
    }

    /**
     * Returns the kept changes, the first one first, each with the reason if it is not in force.
     */
    public List<Map<String, Object>> changes() {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (BundleChange change : kept()) {
            Map<String, Object> row = change.members();
            row.put("aside", aside.getOrDefault(change.name(), ""));
            rows.add(row);
        }
        for (Map.Entry<String, Boolean> feature : features().entrySet()) {
            String name = ChangeStore.OF_FEATURE + feature.getKey();
            String state = feature.getValue() ? "ADDED" : "REMOVED";
            String why = aside.getOrDefault(name, "");
            rows.add(Map.of("name", name, "state", state, "aside", why));
        }
        return rows;
    }
}
