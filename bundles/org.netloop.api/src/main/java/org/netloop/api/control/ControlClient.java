package org.netloop.api.control;

import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * Asks running deployments on this machine for something. A service for commands, which run in a
 * process of their own. Thread-safe.
 */
@ProviderType
public interface ControlClient {

    /**
     * Sends a request, and waits for its answer.
     *
     * @param deployment the configuration directory that the deployment runs; null if only one
     *     deployment of this user runs here, or a shell has chosen one
     * @param verb what is asked for; a {@link ControlVerb} there answers it
     * @param arguments the members of the request: texts, numbers, booleans, lists and maps
     * @return the members of the answer
     * @throws IOException if no deployment or several are meant, it does not answer, or with its
     *     refusal
     */
    Map<String, Object> ask(@Nullable Path deployment, String verb, Map<String, ?> arguments)
            throws IOException;
}
