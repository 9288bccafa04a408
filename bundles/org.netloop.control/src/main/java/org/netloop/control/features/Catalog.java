package org.netloop.control.features;

import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Features of the home that the deployment was started from, as the launcher tells them. */
final class Catalog {
    private static final String FEATURES = "(netloop.features=true)";

    private final BundleContext context;
    private final SymbolicNames names = new SymbolicNames();

    Catalog(BundleContext context) {
        this.context = context;
    }

    /** Returns the names of all features; their bundles need not be there. */
    List<String> names() throws IOException {
        return ask(List.of()).stream()
                .map(each -> String.valueOf(((Map<?, ?>) each).get("name")))
                .toList();
    }

    /** Returns all features by their names. */
    Map<String, Feature> all() throws IOException {
        return read(List.of());
    }

    /**
     * Returns a feature and all that belong to it, what belongs to another before it.
     *
     * @throws IOException if there is none of that name, or a bundle of it is missing
     */
    Map<String, Feature> closure(String name) throws IOException {
        return read(List.of(name));
    }

    private Map<String, Feature> read(List<String> wanted) throws IOException {
        Map<String, Feature> features = new LinkedHashMap<>();
        for (Object each : ask(wanted)) {
            Feature feature = Feature.read((Map<?, ?>) each, names);
            features.put(feature.name(), feature);
        }
        return features;
    }

    private Collection<?> ask(List<String> wanted) throws IOException {
        @SuppressWarnings("rawtypes") // Registered as the raw class.
        List<ServiceReference<Function>> found;
        try {
            found = new ArrayList<>(context.getServiceReferences(Function.class, FEATURES));
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
        if (found.isEmpty()) {
            throw new IOException("what started this deployment knows no features");
        }
        try {
            @SuppressWarnings("unchecked") // As the launcher registers it.
            Function<List<String>, Object> catalog = context.getService(found.getFirst());
            if (catalog == null || !(catalog.apply(wanted) instanceof Collection<?> features)) {
                throw new IOException("what started this deployment knows no features");
            }
            return features;
        } finally {
            context.ungetService(found.getFirst());
        }
    }
}
