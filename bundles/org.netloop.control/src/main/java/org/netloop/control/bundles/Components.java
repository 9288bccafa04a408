package org.netloop.control.bundles;

import org.netloop.api.plugin.RootCause;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.UnsatisfiedReferenceDTO;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/** State of the components of bundles, as Declarative Services reports it. Thread-safe. */
final class Components {
    private final BundleContext context;

    Components(BundleContext context) {
        this.context = context;
    }

    /** Returns the reasons why components of a bundle could not be created, a sentence each. */
    List<String> failures(Bundle bundle) {
        return sentences(bundle, ComponentConfigurationDTO.FAILED_ACTIVATION);
    }

    /** Returns what components of a bundle wait for, a sentence each. */
    List<String> waiting(Bundle bundle) {
        List<String> all =
                new ArrayList<>(
                        sentences(bundle, ComponentConfigurationDTO.UNSATISFIED_CONFIGURATION));
        all.addAll(sentences(bundle, ComponentConfigurationDTO.UNSATISFIED_REFERENCE));
        return all;
    }

    /** Returns whether a component failed in a way that only another class loader can end. */
    boolean isSpoiled(Bundle bundle) {
        return select(
                        bundle,
                        ComponentConfigurationDTO.FAILED_ACTIVATION,
                        (_, made) -> String.valueOf(made.failure))
                .stream()
                .anyMatch(RootCause::isRemembered);
    }

    private List<String> sentences(Bundle bundle, int state) {
        return select(bundle, state, (one, made) -> "component " + one.name + " " + sentence(made));
    }

    private List<String> select(
            Bundle bundle,
            int state,
            BiFunction<ComponentDescriptionDTO, ComponentConfigurationDTO, String> told) {
        ServiceReference<ServiceComponentRuntime> reference =
                context.getServiceReference(ServiceComponentRuntime.class);
        ServiceComponentRuntime runtime = reference == null ? null : context.getService(reference);
        if (runtime == null) {
            return List.of();
        }
        try {
            List<String> all = new ArrayList<>();
            for (ComponentDescriptionDTO one : runtime.getComponentDescriptionDTOs(bundle)) {
                for (ComponentConfigurationDTO made : runtime.getComponentConfigurationDTOs(one)) {
                    if (made.state == state) {
                        all.add(told.apply(one, made));
                    }
                }
            }
            return all;
        } finally {
            context.ungetService(reference);
        }
    }

    private static String sentence(ComponentConfigurationDTO made) {
        return switch (made.state) {
            case ComponentConfigurationDTO.FAILED_ACTIVATION ->
                    "failed: " + RootCause.of(String.valueOf(made.failure));
            case ComponentConfigurationDTO.UNSATISFIED_CONFIGURATION ->
                    "waits for its configuration";
            default -> "waits for " + missing(made.unsatisfiedReferences);
        };
    }

    private static String missing(UnsatisfiedReferenceDTO[] references) {
        return Arrays.stream(references)
                .map(reference -> "the service of its reference " + reference.name)
                .collect(Collectors.joining(", "));
    }
}
