package org.netloop.control.bundles;

import static java.util.stream.Collectors.joining;

import org.netloop.api.plugin.PluginFile;
import org.netloop.control.registry.Services;
import org.netloop.control.trace.Swap;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Installs, replaces and removes bundles of a running deployment. An update starts the new bundle
 * beside the old one, and stops the old one only once the new one provides all of its services;
 * otherwise only the new one is removed. Thread-safe; one change at a time.
 */
public final class BundleManager {
    private static final Logger LOG = LoggerFactory.getLogger(BundleManager.class);

    private final BundleContext context;
    private final BundleStore store;
    private final Retirement retirement;
    private final Duration limit;
    private final Components components;
    private final FormerVersions former;
    private BiConsumer<String, Boolean> onPlugin = (_, _) -> {};

    /**
     * @param storage a directory that nobody else may look into
     * @param limit how long a bundle may take until its services are there
     */
    public BundleManager(BundleContext context, Path storage, Duration limit) throws IOException {
        this.context = context;
        this.store = new BundleStore(storage);
        this.former = new FormerVersions(store);
        this.retirement = new Retirement(new Services(context), limit);
        this.limit = limit;
        this.components = new Components(context);
    }

    /** All bundles. */
    public synchronized List<Listed> list() {
        return Arrays.stream(context.getBundles())
                .filter(bundle -> bundle.getBundleId() != Constants.SYSTEM_BUNDLE_ID)
                .map(this::listed)
                .toList();
    }

    private Listed listed(Bundle bundle) {
        int versions = former.of(bundle.getSymbolicName()).size();
        return Listed.of(bundle, state(bundle), Trial.services(bundle), troubles(bundle), versions);
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

    /** Returns the other bundles and their services, on which an installation depends. */
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

    private List<Bundle> named(String name) {
        return Arrays.stream(context.getBundles())
                .filter(bundle -> bundle.getBundleId() != Constants.SYSTEM_BUNDLE_ID)
                .filter(bundle -> name.equals(bundle.getSymbolicName()))
                .filter(bundle -> !retirement.isHolding(bundle) && !retirement.isStuck(bundle))
                .toList();
    }

    /** Finds a bundle by symbolic name or id; bundle 0, the framework, is not among them. */
    private Bundle find(String nameOrId) throws IOException {
        List<Bundle> found = named(nameOrId);
        if (found.isEmpty() && nameOrId.matches("[1-9]\\d{0,17}")) {
            Bundle byId = context.getBundle(Long.parseLong(nameOrId));
            found = byId == null ? List.of() : List.of(byId);
        }
        if (found.isEmpty()) {
            throw new IOException("there is no bundle '" + nameOrId + "'; see netloop bundle ls");
        }
        return found.getLast();
    }

    /** Returns the bundle of that symbolic name which an update would replace. */
    public synchronized Optional<Running> running(String name) {
        List<Bundle> found = named(name);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Bundle bundle = found.getLast();
        Path file = BundleStore.file(bundle);
        return Optional.of(
                new Running(
                        bundle.getVersion().toString(),
                        file,
                        (bundle.getState() & (Bundle.ACTIVE | Bundle.STARTING)) != 0,
                        former.isPlugin(file)));
    }

    /**
     * Returns the symbolic name of a bundle.
     *
     * @throws IOException if none has that name or id
     */
    public synchronized String name(String nameOrId) throws IOException {
        return find(nameOrId).getSymbolicName();
    }

    /** Returns the file from which a bundle was installed. */
    public Path file(Bundle bundle) {
        return BundleStore.file(bundle);
    }

    /** Returns what an installed bundle lacks to resolve, a sentence each. */
    public List<String> lacks(Bundle bundle) {
        return new Trial(context, bundle, limit).lacks();
    }

    /** Returns whether a bundle is replaced or removed only by a restart. */
    public synchronized boolean isFixed(String name) {
        return named(name).stream().anyMatch(BundleManager::isFixed);
    }

    private static boolean isFixed(Bundle bundle) {
        return bundle.getHeaders().get(PluginFile.FIXED) != null
                || bundle.getHeaders().get(Constants.EXPORT_PACKAGE) != null;
    }

    /** Says what is told the name of each plugin that is installed, and if its file is new. */
    public synchronized void onPlugin(BiConsumer<String, Boolean> listener) {
        onPlugin = listener;
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
        former.push(bundle.name(), replaced);
        return kept;
    }

    /** Installs a plugin, or lets it take the place of the bundle of its symbolic name. */
    synchronized void takePlugin(BundleFile plugin, boolean isNew)
            throws IOException, InterruptedException {
        List<Bundle> there = named(plugin.name());
        former.notePlugin(
                there.isEmpty() ? begin(plugin, Map.of()) : replace(there.getLast(), plugin));
        LOG.info("plugin {} is installed", plugin);
        onPlugin.accept(plugin.name(), isNew);
    }

    /**
     * Removes what came from the directory of plugins under that symbolic name. What a plugin
     * replaced, and came from elsewhere, is put back.
     */
    synchronized void withdrawPlugin(String name) throws IOException, InterruptedException {
        former.forgetPlugins(name);
        List<Bundle> there = named(name);
        if (there.isEmpty() || !former.isPlugin(BundleStore.file(there.getLast()))) {
            return;
        }
        Bundle plugin = there.getLast();
        Path file = BundleStore.file(plugin);
        Path back = former.of(name).poll();
        try {
            if (back != null) {
                begin(BundleFile.read(back), Map.of());
            }
        } finally {
            retirement.retire(plugin);
            former.forget(file);
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
        Deque<Path> kept = former.of(current.getSymbolicName());
        if (kept.isEmpty()) {
            throw new IOException(current.getSymbolicName() + " has no former version");
        }
        BundleFile back = BundleFile.read(kept.element());
        String from = current.getVersion().toString();
        Path dropped = BundleStore.file(current);
        Path copy = succeed(current, back, Trial.services(current));
        if (former.isPlugin(kept.pop())) {
            former.notePlugin(copy);
        }
        former.forget(dropped);
        LOG.info("{} is back in the place of version {}", back, from);
        return back + " is back in the place of version " + from;
    }

    /** Returns the file of the new one. */
    private Path succeed(Bundle old, BundleFile successor, Map<String, Integer> expected)
            throws IOException, InterruptedException {
        refuseFixed(old);
        try (Swap swap =
                Swap.begin(
                        successor.name(),
                        old.getVersion().toString(),
                        successor.version().toString())) {
            Path file = begin(successor, expected);
            retirement.retire(old);
            swap.succeeded();
            return file;
        }
    }

    private static void refuseFixed(Bundle bundle) throws IOException {
        if (isFixed(bundle)) {
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
        former.forget(file);
        former.forgetAll(bundle.getSymbolicName());
        return bundle.getSymbolicName() + " is uninstalled" + retirement.when(bundle);
    }
}
