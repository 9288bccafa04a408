package org.netloop.control.config;

import org.jspecify.annotations.Nullable;
import org.netloop.api.status.Report;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

import java.io.IOException;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Configurations given to Configuration Admin. A change is made as a whole: if what it is for
 * cannot do as it is told, everything is as it was before. Used by one thread at a time.
 */
final class Applied {
    private final ConfigurationAdmin admin;
    private final Outcome outcome;
    private Map<String, Map<String, Object>> current = Map.of();

    /** Configurations from features, which apply again when the files no longer mention them. */
    private final Map<String, Dictionary<String, Object>> beneath = new HashMap<>();

    private long revision;

    Applied(ConfigurationAdmin admin, BundleContext context) {
        this.admin = admin;
        this.outcome = new Outcome(context);
    }

    /** Returns the configurations given, by PID. */
    Map<String, Map<String, Object>> current() {
        return current;
    }

    /** The first time: whatever is not there yet may come later. */
    void begin(Map<String, Map<String, Object>> wanted) throws IOException {
        revision++;
        current = wanted;
        List<String> order = List.copyOf(wanted.keySet());
        for (Map.Entry<String, Map<String, Object>> entry : wanted.entrySet()) {
            give(entry.getKey(), entry.getValue(), order);
        }
    }

    /**
     * Brings what is given in line with what is wanted; returns the PIDs that changed.
     *
     * @throws RefusedException if something of it fails; all is as before then
     */
    Set<String> change(Map<String, Map<String, Object>> wanted)
            throws IOException, InterruptedException {
        Map<String, Map<String, Object>> before = current;
        Set<String> changed = new LinkedHashSet<>();
        wanted.forEach(
                (pid, values) -> {
                    if (!values.equals(before.get(pid))) {
                        changed.add(pid);
                    }
                });
        Set<String> removed = new LinkedHashSet<>(before.keySet());
        removed.removeAll(wanted.keySet());
        // What is new may need the place of what goes; else that stays until the new is proved.
        boolean makeRoom = !before.keySet().containsAll(changed);
        if (makeRoom) {
            take(removed);
        }
        revision++;
        List<String> order = List.copyOf(wanted.keySet());
        for (String pid : changed) {
            give(pid, Objects.requireNonNull(wanted.get(pid)), order);
        }
        String failure = outcome.await(changed, wanted, revision);
        if (failure != null) {
            restore(before, changed, removed);
            throw new RefusedException(failure);
        }
        if (!makeRoom) {
            take(removed);
        }
        current = wanted;
        changed.addAll(removed);
        return changed;
    }

    private void restore(
            Map<String, Map<String, Object>> before, Set<String> changed, Set<String> removed)
            throws IOException, InterruptedException {
        revision++;
        Set<String> back = new LinkedHashSet<>(changed);
        back.addAll(removed);
        List<String> order = List.copyOf(before.keySet());
        for (String pid : back) {
            Map<String, Object> values = before.get(pid);
            if (values == null) {
                take(Set.of(pid));
            } else {
                give(pid, values, order);
            }
        }
        back.retainAll(before.keySet());
        outcome.await(back, before, revision);
    }

    private void give(String pid, Map<String, Object> values, List<String> order)
            throws IOException {
        Configuration configuration = configuration(pid);
        Dictionary<String, Object> feature = configuration.getProperties();
        if (feature != null && feature.get(Report.REVISION) == null) {
            beneath.put(pid, feature);
        }
        Dictionary<String, Object> properties = new Hashtable<>();
        new LinkedHashMap<>(values).forEach((key, value) -> properties.put(key, osgi(value)));
        properties.put(Report.REVISION, revision);
        properties.put(Report.ORDER, order.indexOf(pid));
        configuration.update(properties);
    }

    static Object osgi(Object value) {
        return value instanceof List<?> several
                ? several.stream().map(String::valueOf).toArray(String[]::new)
                : value;
    }

    private void take(Set<String> pids) throws IOException {
        for (String pid : pids) {
            Dictionary<String, Object> feature = beneath.get(pid);
            if (feature == null) {
                configuration(pid).delete();
            } else {
                configuration(pid).update(feature);
            }
        }
    }

    /**
     * Gives a configuration of a feature, which applies where files mention none.
     *
     * @param values null to take it away
     */
    void beneath(String pid, @Nullable Map<String, Object> values) throws IOException {
        Dictionary<String, Object> properties = new Hashtable<>();
        if (values != null) {
            values.forEach((key, value) -> properties.put(key, osgi(value)));
        }
        boolean covered = current.containsKey(pid);
        if (covered && values != null) {
            beneath.put(pid, properties);
        } else if (covered) {
            beneath.remove(pid);
        } else if (values != null) {
            configuration(pid).update(properties);
        } else {
            configuration(pid).delete();
        }
    }

    private Configuration configuration(String pid) throws IOException {
        int separator = pid.indexOf('~');
        return separator < 0
                ? admin.getConfiguration(pid, "?")
                : admin.getFactoryConfiguration(
                        pid.substring(0, separator), pid.substring(separator + 1), "?");
    }
}
