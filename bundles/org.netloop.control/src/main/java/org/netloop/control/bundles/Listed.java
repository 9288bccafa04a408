package org.netloop.control.bundles;

import org.osgi.framework.Bundle;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A row of the list of bundles.
 *
 * @param id its id in the framework
 * @param name its symbolic name
 * @param version its version
 * @param since when this version was installed in the running process
 * @param state active, stopped, unresolved, held by an attachment that outlived it, or stuck
 *     because it has not stopped in time; held and stuck ones are removed once they can be
 * @param services how many services of each contract it provides
 * @param waiting what its components wait for, or why they failed
 * @param former how many versions it can be rolled back to
 */
public record Listed(
        long id,
        String name,
        String version,
        Instant since,
        String state,
        Map<String, Integer> services,
        List<String> waiting,
        int former) {

    static Listed of(
            Bundle bundle,
            String state,
            Map<String, Integer> services,
            List<String> waiting,
            int former) {
        return new Listed(
                bundle.getBundleId(),
                bundle.getSymbolicName(),
                bundle.getVersion().toString(),
                Instant.ofEpochMilli(bundle.getLastModified()),
                state,
                services,
                waiting,
                former);
    }
}
