package org.netloop.control.bundles;

import static java.util.stream.Collectors.joining;

import org.netloop.api.plugin.PluginFile;
import org.netloop.control.registry.Services;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Installs, replaces and removes bundles of a running deployment. An update starts the new bundle
 * beside the old one, and lets that go only once the new one gives all the services that it gave;
 * else the new one is removed, and the old one has never been touched. Thread-safe; one change at a
 * time.
 */
public final class BundleManager {
    private static final Logger LOG = LoggerFactory.getLogger(BundleManager.class);
    private static final int VERSIONS_KEPT = 3;

    private final BundleContext context;
    private final BundleStore store;
    private final Retirement retirement;
    private final Duration limit;
    private final Components components;

    /** Files of former versions by symbolic name, the latest first. */
    private final Map<String, Deque<Path>> former = new HashMap<>();

    /** Of the copies kept, those that came from the directory of plugins. */
    private final Set<Path> plugins = new HashSet<>();

    /**
     * @param storage a directory that nobody else may look into
     * @param limit how long a bundle may take until its services are there
     */
    public BundleManager(BundleContext context, Path storage, Duration limit) throws IOException {
        this.context = context;
        this.store = new BundleStore(storage);
        this.retirement = new Retirement(new Services(context), limit);
        this.limit = limit;
        this.components = new Components(context);
    }

    /**
     * A bundle.
     *
     * @param id its id in the framework
     * @param name its symbolic name
     * @param version its version
     * @param state active, stopped, unresolved, held by an attachment that outlived it, or stuck as
     *     it has not stopped in time; held and stuck ones are removed once they can be
     * @param services how many of each contract it gives
     * @param waiting what its components wait for, or why they failed
     * @param former how many versions it can be rolled back to
     */
    public record Listed(
            long id,
            String name,
            String version,
            String state,
            Map<String, Integer> services,
            List<String> waiting,
            int former) {}

    /** All bundles. */
    public synchronized List<Listed> list() {
        return Arrays.stream(context.getBundles())
                .filter(bundle -> bundle.getBundleId() != Constants.SYSTEM_BUNDLE_ID)
                .map(
                        bundle ->
                                new Listed(
                                        bundle.getBundleId(),
                                        bundle.getSymbolicName(),
                                        bundle.getVersion().toString(),
                                        state(bundle),
                                        Trial.services(bundle),
                                        troubles(bundle),
                                        former(bundle.getSymbolicName()).size()))
                .toList();
    }

    private List<String> troubles(Bundle bundle) {
        List<String> troubles = new ArrayList<>(components.failures(bundle));
        // Of what Netloop itself brings, much is meant to be configured by whoever wants it.
        if (store.isKept(BundleStore.file(bundle))) {
            troubles.addAll(components.waiting(bundle));
        }
        return troubles;
    }

    /** Removes those that were not wanted any more, and could not be removed until now. */
    synchronized void sweep() throws InterruptedException {
        retirement.sweep();
    }

    /** What decides whether a bundle can be installed: the others, and what they give. */
    synchronized Map<String, Map<String, Integer>> surroundings() {
        Map<String, Map<String, Integer>> all = new HashMap<>();
        for (Bundle bundle : context.getBundles()) {
            all.put(bundle.getLocation() + " " + bundle.getState(), Trial.services(bundle));
        }
        return all;
    }

    private String state(Bundle bundle) {
        if (retirement.isHolding(bundle)) {
            return "held";
        }
        if (retirement.isStuck(bundle)) {
            return "stuck";
        }
        return switch (bundle.getState()) {
            case Bundle.ACTIVE -> "active";
            case Bundle.STARTING -> "starting";
            case Bundle.STOPPING -> "stopping";
            case Bundle.RESOLVED -> "stopped";
            default -> "unresolved";
        };
    }

    private Deque<Path> former(String name) {
        return former.computeIfAbsent(name, _ -> new ArrayDeque<>());
    }

    private List<Bundle> named(String name) {
        return Arrays.stream(context.getBundles())
                .filter(bundle -> name.equals(bundle.getSymbolicName()))
                .filter(bundle -> !retirement.isHolding(bundle) && !retirement.isStuck(bundle))
                .toList();
    }

    /** By symbolic name or id. */
    private Bundle find(String nameOrId) throws IOException {
        List<Bundle> found = named(nameOrId);
        if (found.isEmpty() && nameOrId.matches("\\d{1,18}")) {
            Bundle byId = context.getBundle(Long.parseLong(nameOrId));
            found = byId == null ? List.of() : List.of(byId);
        }
        if (found.isEmpty()) {
            throw new IOException("there is no bundle '" + nameOrId + "'; see netloop bundle ls");
        }
        return found.getLast();
    }

    /** Installs a bundle and starts it; if it does not start, nothing is left of it. */
    public synchronized String install(Path file) throws IOException, InterruptedException {
        BundleFile bundle = BundleFile.read(file);
        if (!named(bundle.name()).isEmpty()) {
            throw new IOException(bundle.name() + " is installed already: update it");
        }
        begin(bundle, Map.of());
        LOG.info("{} is installed", bundle);
        return bundle + " is installed";
    }

    /** Replaces the bundle of the same symbolic name. */
    public synchronized String update(Path file) throws IOException, InterruptedException {
        BundleFile bundle = BundleFile.read(file);
        Bundle old = find(bundle.name());
        String from = old.getVersion().toString();
        replace(old, bundle);
        LOG.info("{} has taken the place of version {}", bundle, from);
        return bundle + " has taken the place of version " + from;
    }

    private Path replace(Bundle old, BundleFile bundle) throws IOException, InterruptedException {
        Path replaced = BundleStore.file(old);
        Path kept = succeed(old, bundle, Trial.services(old));
        former(bundle.name()).push(replaced);
        trim(former(bundle.name()));
        return kept;
    }

    /** Only copies are dropped: what features name is always there to be gone back to. */
    private void trim(Deque<Path> files) throws IOException {
        Iterator<Path> oldest = files.descendingIterator();
        for (int many = files.size(); many > VERSIONS_KEPT && oldest.hasNext(); ) {
            Path file = oldest.next();
            if (store.isKept(file)) {
                oldest.remove();
                forget(file);
                many--;
            }
        }
    }

    private void forget(Path file) throws IOException {
        plugins.remove(file);
        store.drop(file);
    }

    /** Installs a plugin, or lets it take the place of the bundle of its symbolic name. */
    synchronized void takePlugin(BundleFile plugin) throws IOException, InterruptedException {
        List<Bundle> there = named(plugin.name());
        plugins.add(there.isEmpty() ? begin(plugin, Map.of()) : replace(there.getLast(), plugin));
        LOG.info("plugin {} is installed", plugin);
    }

    /**
     * Removes what came from the directory of plugins under that symbolic name. What a plugin
     * replaced, and came from elsewhere, is put back.
     */
    synchronized void withdrawPlugin(String name) throws IOException, InterruptedException {
        for (Path file : List.copyOf(former(name))) {
            if (plugins.contains(file)) {
                former(name).remove(file);
                forget(file);
            }
        }
        List<Bundle> there = named(name);
        if (there.isEmpty() || !plugins.contains(BundleStore.file(there.getLast()))) {
            return;
        }
        Bundle plugin = there.getLast();
        Path file = BundleStore.file(plugin);
        Path back = former(name).poll();
        try {
            if (back != null) {
                begin(BundleFile.read(back), Map.of());
            }
        } finally {
            retirement.retire(plugin);
            forget(file);
        }
        LOG.info(
                "plugin {} is removed{}{}",
                name,
                retirement.when(plugin),
                back == null ? "" : ", and what it replaced is back");
    }

    /** Brings back the version that the last update replaced. */
    public synchronized String rollback(String nameOrId) throws IOException, InterruptedException {
        Bundle current = find(nameOrId);
        Deque<Path> kept = former(current.getSymbolicName());
        if (kept.isEmpty()) {
            throw new IOException(current.getSymbolicName() + " has no former version");
        }
        BundleFile back = BundleFile.read(kept.element());
        String from = current.getVersion().toString();
        Path dropped = BundleStore.file(current);
        Path copy = succeed(current, back, Trial.services(current));
        if (plugins.contains(kept.pop())) {
            plugins.add(copy);
        }
        forget(dropped);
        LOG.info("{} is back in the place of version {}", back, from);
        return back + " is back in the place of version " + from;
    }

    /** Returns the file of the new one. */
    private Path succeed(Bundle old, BundleFile successor, Map<String, Integer> expected)
            throws IOException, InterruptedException {
        refuseFixed(old);
        Path file = begin(successor, expected);
        retirement.retire(old);
        return file;
    }

    private static void refuseFixed(Bundle bundle) throws IOException {
        if (bundle.getHeaders().get(PluginFile.FIXED) != null
                || bundle.getHeaders().get(Constants.EXPORT_PACKAGE) != null) {
            throw new IOException(PluginFile.onlyByRestart(bundle.getSymbolicName()));
        }
    }

    /** Returns the copy that runs. */
    private Path begin(BundleFile bundle, Map<String, Integer> expected)
            throws IOException, InterruptedException {
        retirement.sweep();
        BundleFile kept = store.keep(bundle);
        Bundle fresh;
        try {
            fresh = context.installBundle("reference:" + kept.file().toUri());
        } catch (BundleException e) {
            store.drop(kept.file());
            throw new IOException(bundle + " cannot be installed: " + e.getMessage(), e);
        }
        try {
            new Trial(context, fresh, limit).run(expected);
        } catch (IOException | InterruptedException e) {
            retirement.retire(fresh);
            store.drop(kept.file());
            if (e instanceof InterruptedException interrupted) {
                throw interrupted;
            }
            throw new IOException(
                    bundle
                            + " is not taken: "
                            + e.getMessage()
                            + bundle.notes().stream().map("; "::concat).collect(joining()),
                    e);
        }
        return kept.file();
    }

    /** Starts a bundle that was stopped. */
    public synchronized String start(String nameOrId) throws IOException, InterruptedException {
        Bundle bundle = find(nameOrId);
        new Trial(context, bundle, limit).run(Map.of());
        return bundle.getSymbolicName() + " is started";
    }

    /** Stops a bundle: what needs its services waits for others. */
    public synchronized String stop(String nameOrId) throws IOException {
        Bundle bundle = find(nameOrId);
        refuseFixed(bundle);
        try {
            bundle.stop(Bundle.STOP_TRANSIENT);
        } catch (BundleException e) {
            throw new IOException(
                    bundle.getSymbolicName() + " does not stop: " + e.getMessage(), e);
        }
        return bundle.getSymbolicName() + " is stopped";
    }

    /** Stops and removes a bundle, with its former versions. */
    public synchronized String uninstall(String nameOrId) throws IOException, InterruptedException {
        Bundle bundle = find(nameOrId);
        refuseFixed(bundle);
        Path file = BundleStore.file(bundle);
        retirement.retire(bundle);
        store.drop(file);
        plugins.remove(file);
        for (Path kept : former(bundle.getSymbolicName())) {
            forget(kept);
        }
        former.remove(bundle.getSymbolicName());
        return bundle.getSymbolicName() + " is uninstalled" + retirement.when(bundle);
    }
}
