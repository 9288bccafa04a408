package org.netloop.api.control;

import org.osgi.annotation.versioning.ProviderType;

import java.io.IOException;
import java.util.Map;

/**
 * Asks the deployment that runs in this process. Registered as a service while {@code netloop run}
 * answers requests; absent in other processes. A request takes the way of one that comes over the
 * control socket, with the same verbs, limits, turns and answers; whoever passes on requests of
 * others decides first who may send them. Thread-safe.
 */
@ProviderType
public interface DeploymentControl {

    /**
     * Sends a request, and waits for its answer.
     *
     * @param verb what is asked for; a {@link ControlVerb} answers it
     * @param arguments the members of the request: texts, numbers, booleans, lists and maps
     * @return the members of the answer, without secrets and control characters
     * @throws IOException with the refusal, in a sentence for a person
     */
    Map<String, Object> ask(String verb, Map<String, ?> arguments) throws IOException;
}
