package org.netloop.api.status;

import org.osgi.annotation.versioning.ProviderType;

import java.util.List;

/**
 * Collects the reports of all {@link Reporter}s of a deployment. A service; called by many threads
 * at once.
 */
@ProviderType
public interface Reports {

    /**
     * Returns the reports on all parts. A reporter that throws, hangs or reports too much is
     * reported itself, as the bundle that it belongs to: the call takes at most a few seconds.
     */
    List<Report> all();
}
