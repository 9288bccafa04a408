package org.netloop.engine.volume;

import org.netloop.engine.lease.Origins;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;

import java.util.Map;

/**
 * Names services by their bundles.
 *
 * @param context the engine's
 */
record BundleNames(BundleContext context) implements Origins {
    @Override
    public String of(Object service, Map<String, ?> properties) {
        Bundle bundle =
                properties.get(Constants.SERVICE_BUNDLEID) instanceof Long id
                        ? context.getBundle(id)
                        : null;
        return bundle == null
                ? service.getClass().getName()
                : bundle.getSymbolicName() + " " + bundle.getVersion();
    }
}
