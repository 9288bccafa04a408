package org.netloop.control.config;

import org.netloop.api.frontend.Frontend;
import org.netloop.api.transport.Schemes;
import org.netloop.api.transport.Transport;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/**
 * What is there to be named in a configuration.
 *
 * @param schemes of URIs that a transport reads
 * @param frontends their ids
 */
public record Installed(Set<String> schemes, Set<String> frontends) {

    /** As it is now. */
    public static Installed of(BundleContext context) {
        Set<String> schemes = new TreeSet<>();
        Set<String> frontends = new TreeSet<>();
        for (ServiceReference<Transport> transport : references(context, Transport.class)) {
            schemes.addAll(Schemes.of(transport.getProperty(Transport.SCHEMES)));
        }
        for (ServiceReference<Frontend> reference : references(context, Frontend.class)) {
            Frontend frontend = context.getService(reference);
            if (frontend != null) {
                frontends.add(frontend.id());
                context.ungetService(reference);
            }
        }
        return new Installed(schemes, frontends);
    }

    private static <S> Collection<ServiceReference<S>> references(
            BundleContext context, Class<S> contract) {
        try {
            return context.getServiceReferences(contract, null);
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
