package org.netloop.attach;

import org.jspecify.annotations.Nullable;
import org.netloop.api.status.Report;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Finds the position of an attachment among those that are configured for the same place, whether
 * they are made already or not, so that which one is the first does not depend on which volume
 * opens first.
 */
final class Ranks {
    private static final String PID = "service.pid";
    private static final Comparator<Map<String, ?>> IN_ORDER =
            Comparator.<Map<String, ?>>comparingInt(Report::order)
                    .thenComparing(properties -> String.valueOf(properties.get(PID)));

    private Ranks() {}

    /** Says which attachments are configured. */
    @FunctionalInterface
    interface Peers {
        /** The properties of each, made or not. */
        List<Map<String, ?>> all() throws IOException;
    }

    /** The properties of all attachments that are configured, made or not. */
    static List<Map<String, ?>> configured(ConfigurationAdmin configurations) throws IOException {
        String attachments =
                "(" + ConfigurationAdmin.SERVICE_FACTORYPID + "=" + ConfiguredAttachment.PID + ")";
        try {
            Configuration[] found = configurations.listConfigurations(attachments);
            List<Map<String, ?>> all = new ArrayList<>();
            for (Configuration one : found == null ? new Configuration[0] : found) {
                all.add(FrameworkUtil.asMap(one.getProperties()));
            }
            return all;
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Returns the number of configurations that precede this one.
     *
     * @param one the properties of an attachment
     * @param all those of all that are configured
     */
    static int of(Map<String, ?> one, Collection<? extends Map<String, ?>> all) {
        return (int)
                all.stream()
                        .filter(other -> isEnabled(other) && samePlace(one, other))
                        .filter(other -> IN_ORDER.compare(other, one) < 0)
                        .count();
    }

    private static boolean isEnabled(Map<String, ?> properties) {
        return !"false".equals(text(properties, "enabled"));
    }

    private static boolean samePlace(Map<String, ?> one, Map<String, ?> other) {
        return text(one, "frontend").equals(text(other, "frontend"))
                && text(one, "place").equals(text(other, "place"));
    }

    private static String text(Map<String, ?> properties, String key) {
        @Nullable Object value = properties.get(key);
        return String.valueOf(value);
    }
}
