package org.netloop.control.config;

import org.netloop.api.frontend.Frontend;
import org.netloop.api.transport.Schemes;
import org.netloop.api.transport.Transport;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/**
 * Schemes and frontends that a configuration may name.
 *
 * @param schemes of URIs that a transport reads
 * @param frontends their ids
 */
public record Installed(Set<String> schemes, Set<String> frontends) {

    /** Returns the present state. */
    public static Installed of(BundleContext context) {
        return without(Set.of(), context);
    }

    /** Returns the state that is left without the services of some bundles. */
    static Installed without(Set<Bundle> bundles, BundleContext context) {
        Set<String> schemes = new TreeSet<>();
        Set<String> frontends = new TreeSet<>();
        for (ServiceReference<Transport> transport :
                references(bundles, context, Transport.class)) {
            schemes.addAll(Schemes.of(transport.getProperty(Transport.SCHEMES)));
        }
        for (ServiceReference<Frontend> reference : references(bundles, context, Frontend.class)) {
            Frontend frontend = context.getService(reference);
            if (frontend != null) {
                frontends.add(frontend.id());
                context.ungetService(reference);
            }
        }
        return new Installed(schemes, frontends);
    }

    private static <S> Collection<ServiceReference<S>> references(
            Set<Bundle> without, BundleContext context, Class<S> contract) {
        try {
            return context.getServiceReferences(contract, null).stream()
                    .filter(reference -> !without.contains(reference.getBundle()))
                    .toList();
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
