package org.netloop.api.control;

import org.osgi.annotation.versioning.ProviderType;

import java.io.IOException;
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
     * @param verb what is asked for; a {@link ControlVerb} there answers it
     * @param arguments the members of the request: texts, numbers, booleans, lists and maps
     * @return the members of the answer
     * @throws IOException if no deployment or several are meant, it does not answer, or with its
     *     refusal
     */
    Map<String, Object> ask(Deployment deployment, String verb, Map<String, ?> arguments)
            throws IOException;
}
