package org.netloop.control.features;

import org.jspecify.annotations.Nullable;
import org.netloop.control.bundles.BundleManager;
import org.netloop.control.config.LiveConfiguration;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRevision;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Works out what a change of features would do. Used by one thread at a time. */
final class Planner {
    private static final String CONTRACTS = "org.netloop.api.";
    private static final String SERVICE = "osgi.service";

    private final BundleContext context;
    private final BundleManager manager;

    Planner(BundleContext context, BundleManager manager) {
        this.context = context;
        this.manager = manager;
    }

    /** Returns the bundles of features that are not installed, their names by their files. */
    Map<Path, String> missing(Collection<Feature> features) {
        Map<Path, String> missing = new LinkedHashMap<>();
        features.forEach(
                feature ->
                        feature.bundles()
                                .forEach(
                                        (file, name) -> {
                                            if (manager.running(name).isEmpty()) {
                                                missing.put(file, name);
                                            }
                                        }));
        return missing;
    }

    /**
     * Returns the effect of installing bundles. They are installed without being started, asked
     * what they lack, and uninstalled again.
     */
    Plan adding(Map<Path, String> missing) throws IOException {
        List<Bundle> tried = new ArrayList<>();
        List<Plan.Part> parts = new ArrayList<>();
        List<String> lacks = new ArrayList<>();
        try {
            for (Path file : missing.keySet()) {
                tried.add(context.installBundle("reference:" + file.toUri()));
            }
            List<Path> files = List.copyOf(missing.keySet());
            for (int i = 0; i < tried.size(); i++) {
                Bundle bundle = tried.get(i);
                parts.add(part(bundle, Files.size(files.get(i)), declared(bundle)));
                manager.lacks(bundle)
                        .forEach(each -> lacks.add(bundle.getSymbolicName() + ": " + each));
            }
            return new Plan(parts, lacks, List.of());
        } catch (BundleException e) {
            throw new IOException("a bundle cannot be installed: " + e.getMessage(), e);
        } finally {
            uninstall(tried);
        }
    }

    private static void uninstall(List<Bundle> bundles) throws IOException {
        for (Bundle bundle : bundles.reversed()) {
            try {
                bundle.uninstall();
            } catch (BundleException e) {
                throw new IOException(
                        bundle.getSymbolicName() + " cannot be uninstalled: " + e.getMessage(), e);
            }
        }
    }

    private static Plan.Part part(Bundle bundle, long bytes, Set<String> services) {
        return new Plan.Part(
                bundle.getSymbolicName(),
                bundle.getVersion().toString(),
                bytes,
                List.copyOf(services));
    }

    private static Set<String> declared(Bundle bundle) {
        Set<String> services = new TreeSet<>();
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        for (BundleCapability capability : revision.getDeclaredCapabilities(SERVICE)) {
            Object classes = capability.getAttributes().get(Constants.OBJECTCLASS);
            if (classes instanceof Collection<?> several) {
                several.forEach(each -> services.add(String.valueOf(each)));
            }
        }
        services.removeIf(each -> !each.startsWith(CONTRACTS));
        return services;
    }

    /**
     * Returns the effect of removing bundles.
     *
     * @param names their symbolic names
     * @param configuration what must not miss anything; null if nothing is configured yet
     */
    Plan removing(Collection<String> names, @Nullable LiveConfiguration configuration)
            throws IOException {
        Set<Bundle> leaving = new HashSet<>();
        List<Plan.Part> parts = new ArrayList<>();
        for (Bundle bundle : context.getBundles()) {
            if (names.contains(bundle.getSymbolicName())) {
                leaving.add(bundle);
                Path file = manager.file(bundle);
                parts.add(part(bundle, Files.exists(file) ? Files.size(file) : 0, given(bundle)));
            }
        }
        List<String> notes = new ArrayList<>();
        leaving.forEach(bundle -> notes.addAll(users(bundle, leaving)));
        return new Plan(
                parts,
                configuration == null ? List.of() : configuration.brokenWithout(leaving),
                notes);
    }

    private static Set<String> given(Bundle bundle) {
        Set<String> services = new TreeSet<>();
        for (ServiceReference<?> reference : registered(bundle)) {
            services.addAll(List.of((String[]) reference.getProperty(Constants.OBJECTCLASS)));
        }
        services.removeIf(each -> !each.startsWith(CONTRACTS));
        return services;
    }

    private static List<ServiceReference<?>> registered(Bundle bundle) {
        ServiceReference<?>[] references = bundle.getRegisteredServices();
        return references == null ? List.of() : List.of(references);
    }

    private static Set<String> users(Bundle bundle, Set<Bundle> leaving) {
        Set<String> users = new TreeSet<>();
        for (ServiceReference<?> reference : registered(bundle)) {
            Bundle[] using = reference.getUsingBundles();
            for (Bundle user : using == null ? List.<Bundle>of() : List.of(using)) {
                String[] classes = (String[]) reference.getProperty(Constants.OBJECTCLASS);
                if (!leaving.contains(user) && classes[0].startsWith(CONTRACTS)) {
                    users.add(
                            "%s uses %s of %s"
                                    .formatted(
                                            user.getSymbolicName(),
                                            classes[0].replaceFirst(".*\\.", ""),
                                            bundle.getSymbolicName()));
                }
            }
        }
        return users;
    }
}
