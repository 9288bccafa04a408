package org.netloop.control.verbs;

import org.netloop.api.control.ControlRequest;
import org.netloop.api.control.ControlVerb;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** {@code log.recent}: the last warnings and errors of the process, the latest first. */
final class LogVerb implements ControlVerb {
    static final List<String> NAMES = List.of("log.recent");

    /** The service of the launcher that tells them: what writes the log is no bundle. */
    private static final String RECENT = "(netloop.log.recent=true)";

    private final BundleContext context;

    LogVerb(BundleContext context) {
        this.context = context;
    }

    @Override
    public Map<String, ?> answer(ControlRequest request) {
        return Map.of("lines", lines());
    }

    private List<?> lines() {
        try {
            for (ServiceReference<?> reference :
                    context.getServiceReferences(Supplier.class, RECENT)) {
                if (context.getService(reference) instanceof Supplier<?> recent
                        && recent.get() instanceof List<?> lines) {
                    return lines;
                }
            }
            return List.of();
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
