package org.netloop.control.features;

import org.jspecify.annotations.Nullable;
import org.netloop.api.message.Failures;
import org.netloop.control.bundles.BundleManager;
import org.netloop.control.changes.LastingBundles;
import org.netloop.control.config.LiveConfiguration;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.ConfigurationAdmin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Adds features to a running deployment and removes them: all bundles of one, or none. Thread-safe;
 * one change at a time.
 */
public final class FeatureManager {
    private static final Logger LOG = LoggerFactory.getLogger(FeatureManager.class);

    private final BundleContext context;
    private final ConfigurationAdmin admin;
    private final BundleManager manager;
    private final LastingBundles lasting;
    private final Catalog catalog;
    private final Planner planner;
    private volatile @Nullable LiveConfiguration configuration;

    /** Creates the manager of a deployment whose files are not in force yet. */
    public FeatureManager(
            BundleContext context,
            ConfigurationAdmin admin,
            BundleManager manager,
            LastingBundles lasting) {
        this.context = context;
        this.admin = admin;
        this.manager = manager;
        this.lasting = lasting;
        this.catalog = new Catalog(context);
        this.planner = new Planner(context, manager);
    }

    /** Says which configuration must not miss what is removed. */
    public void configured(LiveConfiguration inForce) {
        configuration = inForce;
    }

    /** Makes the kept changes of features again; one that cannot be made is set aside. */
    public void restore() throws InterruptedException {
        for (Map.Entry<String, Boolean> change : lasting.features().entrySet()) {
            String name = change.getKey();
            try {
                synchronized (manager) {
                    if (change.getValue()) {
                        install(catalog.closure(name).values());
                    } else {
                        remove(name, leaving(name));
                    }
                }
                LOG.info(
                        "feature {} is {}, as it was kept",
                        name,
                        change.getValue() ? "added" : "removed");
            } catch (IOException | IllegalArgumentException e) {
                lasting.setFeatureAside(name, Failures.sentence(e));
            }
        }
    }

    /** Returns all features with their state; one that lacks a file is {@code broken}. */
    public List<Map<String, Object>> list() throws IOException {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (String name : catalog.names()) {
            try {
                rows.add(row(name));
            } catch (IOException e) {
                rows.add(new Row(name, "broken", 0, 0, 0, Failures.sentence(e)).members());
            }
        }
        return rows;
    }

    private Map<String, Object> row(String name) throws IOException {
        Map<String, Feature> closure = catalog.closure(name);
        Feature feature = closure.get(name);
        if (feature == null) {
            throw new IOException("what started this deployment does not know it any more");
        }
        int absent = planner.missing(closure.values()).size();
        long bytes = 0;
        for (Feature each : closure.values()) {
            for (var file : each.bundles().keySet()) {
                bytes += file.toFile().length();
            }
        }
        return new Row(
                        name,
                        absent == 0 ? "active" : isAbsent(feature, closure) ? "absent" : "partial",
                        bundles(closure.values()).size(),
                        absent,
                        bytes,
                        feature.description())
                .members();
    }

    /** Row of the list of features. */
    private record Row(
            String name, String state, int bundles, int missing, long bytes, String description) {
        Map<String, Object> members() {
            Map<String, Object> members = new LinkedHashMap<>();
            members.put("name", name);
            members.put("state", state);
            members.put("bundles", bundles);
            members.put("missing", missing);
            members.put("bytes", bytes);
            members.put("description", description);
            return members;
        }
    }

    /** Returns whether none of its own bundles is there, or of those that it includes directly. */
    private boolean isAbsent(Feature feature, Map<String, Feature> closure) {
        List<Feature> own = new ArrayList<>(List.of(feature));
        if (feature.bundles().isEmpty()) {
            feature.includes().stream()
                    .map(closure::get)
                    .filter(Objects::nonNull)
                    .forEach(own::add);
        }
        return planner.missing(own).size() == bundles(own).size();
    }

    private static Set<String> bundles(Collection<Feature> features) {
        Set<String> names = new LinkedHashSet<>();
        features.forEach(feature -> names.addAll(feature.bundles().values()));
        return names;
    }

    /**
     * Adds a feature with all that belong to it.
     *
     * @param dryRun only tells what would come
     * @throws IOException if one of its bundles does not resolve or start; none is added then
     */
    public Map<String, Object> add(String name, boolean dryRun)
            throws IOException, InterruptedException {
        synchronized (manager) {
            Collection<Feature> closure = catalog.closure(name).values();
            Plan plan = planner.adding(planner.missing(closure));
            if (dryRun) {
                return plan.members(
                        plan.breaks().isEmpty()
                                ? "feature " + name + " can be added"
                                : "feature " + name + " cannot be added");
            }
            if (!plan.breaks().isEmpty()) {
                throw new IOException(
                        "feature "
                                + name
                                + " cannot be added: "
                                + String.join("; ", plan.breaks()));
            }
            install(closure);
            String said = lasting.keepFeature(name, true, bundles(closure));
            LOG.info("{}", said);
            return plan.members(said);
        }
    }

    private void install(Collection<Feature> closure) throws IOException, InterruptedException {
        Set<String> coming = coming(closure);
        Undo undo = new Undo();
        boolean isComplete = false;
        try {
            for (var missing : planner.missing(closure).entrySet()) {
                manager.install(missing.getKey());
                undo.push(() -> manager.uninstall(missing.getValue()));
            }
            for (Feature feature : closure) {
                for (var entry : feature.configurations().entrySet()) {
                    if (coming.contains(feature.name())) {
                        undo.push(() -> configure(entry.getKey(), null));
                    }
                    configure(entry.getKey(), entry.getValue());
                }
            }
            isComplete = true;
        } finally {
            if (!isComplete) {
                undo.run()
                        .forEach(
                                why ->
                                        LOG.warn(
                                                "a part of a feature that was not added stays: {}",
                                                why));
            }
        }
    }

    /** Returns the features that are not active yet: the others keep their configurations. */
    private Set<String> coming(Collection<Feature> features) throws IOException {
        Set<String> coming = new HashSet<>();
        for (Feature each : features) {
            if (!planner.missing(catalog.closure(each.name()).values()).isEmpty()) {
                coming.add(each.name());
            }
        }
        return coming;
    }

    private void remove(String name, Collection<String> leaving)
            throws IOException, InterruptedException {
        Feature feature = catalog.closure(name).get(name);
        try (Removal removal = new Removal(manager, name)) {
            // What was installed last may need the others.
            for (String bundle : List.copyOf(leaving).reversed()) {
                removal.uninstall(bundle);
            }
            if (feature != null) {
                for (var entry : feature.configurations().entrySet()) {
                    removal.step(
                            () -> configure(entry.getKey(), null),
                            () -> configure(entry.getKey(), entry.getValue()));
                }
            }
        }
    }

    private void configure(String pid, @Nullable Map<String, Object> values) throws IOException {
        LiveConfiguration inForce = configuration;
        if (inForce == null) {
            LiveConfiguration.beneath(admin, context, pid, values);
        } else {
            inForce.beneath(pid, values);
        }
    }

    /**
     * Removes a feature: the bundles that no other feature needs which is there and does not itself
     * include this one.
     *
     * @param dryRun only tells what would go
     * @param force remove it also if the configuration needs it
     * @throws IOException if the configuration needs it, or nothing of it can be removed, or a part
     *     cannot: then it is there as before, or the message says what is not
     */
    public Map<String, Object> remove(String name, boolean dryRun, boolean force)
            throws IOException, InterruptedException {
        synchronized (manager) {
            Set<String> leaving = leaving(name);
            Plan plan = planner.removing(leaving, configuration);
            if (dryRun) {
                return plan.members(
                        leaving.isEmpty()
                                ? "feature " + name + " brings nothing that others do not need"
                                : "feature " + name + " would be removed");
            }
            if (leaving.isEmpty()) {
                throw new IOException(
                        "feature "
                                + name
                                + " brings nothing that is there, can be removed while the"
                                + " deployment runs, and is not needed by another feature");
            }
            if (!force && !plan.breaks().isEmpty()) {
                throw new IOException(
                        "feature "
                                + name
                                + " is needed (--force removes it all the same): "
                                + String.join("; ", plan.breaks()));
            }
            remove(name, leaving);
            String said = lasting.keepFeature(name, false, leaving);
            LOG.info("{}", said);
            return plan.members(said);
        }
    }

    private Set<String> leaving(String name) throws IOException {
        Map<String, Feature> closure = catalog.closure(name);
        Set<String> leaving = bundles(closure.values());
        for (Feature other : catalog.all().values()) {
            Map<String, Feature> ofOther = catalog.closure(other.name());
            boolean isThere = planner.missing(ofOther.values()).isEmpty();
            if (isThere && !closure.containsKey(other.name()) && !ofOther.containsKey(name)) {
                leaving.removeAll(bundles(ofOther.values()));
            }
        }
        leaving.removeIf(
                bundle ->
                        manager.running(bundle).filter(there -> !there.isPlugin()).isEmpty()
                                || manager.isFixed(bundle));
        return leaving;
    }
}
