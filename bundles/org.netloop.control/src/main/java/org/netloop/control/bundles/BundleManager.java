package org.netloop.control.bundles;

import org.netloop.control.registry.Services;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
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

    /** What holds attachments and this very conversation. */
    private static final Set<String> FIXED =
            Set.of(
                    "org.netloop.attach",
                    "org.netloop.command",
                    "org.netloop.control",
                    "org.apache.felix.scr",
                    "org.apache.felix.configadmin");

    private final BundleContext context;
    private final BundleStore store;
    private final Retirement retirement;
    private final Duration limit;

    /** Files of former versions by symbolic name, the latest first. */
    private final Map<String, Deque<Path>> former = new HashMap<>();

    /**
     * @param storage a directory that nobody else may look into
     * @param limit how long a bundle may take until its services are there
     */
    public BundleManager(BundleContext context, Path storage, Duration limit) throws IOException {
        this.context = context;
        this.store = new BundleStore(storage);
        this.retirement = new Retirement(new Services(context), limit);
        this.limit = limit;
    }

    /**
     * A bundle.
     *
     * @param id its id in the framework
     * @param name its symbolic name
     * @param version its version
     * @param state active, stopped, unresolved, held by an attachment that outlived it, or stuck as
     *     it does not stop
     * @param services how many of each contract it gives
     * @param former how many versions it can be rolled back to
     */
    public record Listed(
            long id,
            String name,
            String version,
            String state,
            Map<String, Integer> services,
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
                                        former(bundle.getSymbolicName()).size()))
                .toList();
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

    /** Whether there is a bundle of that symbolic name. */
    synchronized boolean isInstalled(String name) {
        return !named(name).isEmpty();
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
        Path formerFile = succeed(old, bundle);
        Deque<Path> kept = former(bundle.name());
        kept.push(formerFile);
        while (kept.size() > VERSIONS_KEPT) {
            store.drop(kept.removeLast());
        }
        LOG.info("{} has taken the place of version {}", bundle, from);
        return bundle + " has taken the place of version " + from;
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
        Path dropped = succeed(current, back);
        kept.pop();
        store.drop(dropped);
        LOG.info("{} is back in the place of version {}", back, from);
        return back + " is back in the place of version " + from;
    }

    /** Returns the file of the old one. */
    private Path succeed(Bundle old, BundleFile successor)
            throws IOException, InterruptedException {
        refuseFixed(old);
        begin(successor, Trial.services(old));
        Path file = file(old);
        retirement.retire(old);
        return file;
    }

    private static void refuseFixed(Bundle bundle) throws IOException {
        boolean fixed =
                FIXED.contains(bundle.getSymbolicName())
                        || bundle.getHeaders().get(Constants.EXPORT_PACKAGE) != null;
        if (fixed) {
            throw new IOException(
                    bundle.getSymbolicName()
                            + " is what the others stand on: it is replaced by starting the"
                            + " deployment anew");
        }
    }

    private static Path file(Bundle bundle) {
        String location = bundle.getLocation();
        return Path.of(URI.create(location.substring(location.indexOf(':') + 1)));
    }

    private void begin(BundleFile bundle, Map<String, Integer> expected)
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
            String what = bundle + " is not taken: " + e.getMessage();
            LOG.warn("{}", what);
            throw new IOException(what, e);
        }
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
        Path file = file(bundle);
        retirement.retire(bundle);
        store.drop(file);
        for (Path kept : former(bundle.getSymbolicName())) {
            store.drop(kept);
        }
        former.remove(bundle.getSymbolicName());
        return bundle.getSymbolicName() + " is uninstalled";
    }

    /** Whether a bundle can be rolled back. */
    synchronized boolean hasFormer(String name) {
        return !former(name).isEmpty();
    }
}
