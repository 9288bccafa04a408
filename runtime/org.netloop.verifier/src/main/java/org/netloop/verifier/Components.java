package org.netloop.verifier;

import org.jspecify.annotations.Nullable;
import org.netloop.api.plugin.RootCause;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * State of a plugin's components, as Declarative Services reports it. Its classes are a bundle's,
 * and this is none: they are called by name, as the specification (OSGi Compendium 112.8) has them.
 */
final class Components {
    private static final String RUNTIME =
            "org.osgi.service.component.runtime.ServiceComponentRuntime";
    private static final int UNSATISFIED_CONFIGURATION = 1;
    private static final int UNSATISFIED_REFERENCE = 2;
    private static final int FAILED_ACTIVATION = 16;

    private Components() {}

    /** Returns the reasons why components are not available, a sentence each; empty if all are. */
    static List<String> problems(BundleContext framework, Bundle plugin) {
        ServiceReference<?> reference = framework.getServiceReference(RUNTIME);
        Object runtime = reference == null ? null : framework.getService(reference);
        if (runtime == null) {
            return List.of("the deployment has no Declarative Services; add the feature core");
        }
        try {
            List<String> problems = new ArrayList<>();
            for (Object one :
                    call(
                            runtime,
                            "getComponentDescriptionDTOs",
                            Bundle[].class,
                            new Bundle[] {plugin})) {
                problems.addAll(problems(runtime, one));
            }
            return problems;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Declarative Services are of another version", e);
        }
    }

    private static List<String> problems(Object runtime, Object description)
            throws ReflectiveOperationException {
        String name = "component " + field(description, "name");
        List<String> problems = new ArrayList<>();
        for (Object one :
                call(
                        runtime,
                        "getComponentConfigurationDTOs",
                        description.getClass(),
                        description)) {
            switch (one.getClass().getField("state").getInt(one)) {
                case UNSATISFIED_CONFIGURATION ->
                        problems.add(name + " waits for its configuration");
                case UNSATISFIED_REFERENCE -> problems.add(name + " waits for " + missing(one));
                case FAILED_ACTIVATION ->
                        problems.add(
                                name
                                        + " failed: "
                                        + RootCause.of(String.valueOf(field(one, "failure"))));
                default -> {}
            }
        }
        return problems;
    }

    private static String missing(Object configuration) throws ReflectiveOperationException {
        List<String> names = new ArrayList<>();
        Object references = field(configuration, "unsatisfiedReferences");
        for (int i = 0; references != null && i < Array.getLength(references); i++) {
            names.add("the service of its reference " + field(Array.get(references, i), "name"));
        }
        return String.join(", ", names);
    }

    private static @Nullable Object field(Object of, String name)
            throws ReflectiveOperationException {
        return of.getClass().getField(name).get(of);
    }

    private static Collection<?> call(Object on, String method, Class<?> type, Object argument)
            throws ReflectiveOperationException {
        Class<?> contract = on.getClass().getClassLoader().loadClass(RUNTIME);
        return (Collection<?>) contract.getMethod(method, type).invoke(on, argument);
    }
}
