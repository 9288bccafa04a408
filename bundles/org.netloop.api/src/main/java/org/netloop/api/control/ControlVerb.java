package org.netloop.api.control;

import org.osgi.annotation.versioning.ConsumerType;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/**
 * Answers one or several kinds of requests to a running deployment. Registered as a service with
 * the property {@value #NAME}; called by many threads at once, each call on a thread of its own.
 */
@ConsumerType
public interface ControlVerb {

    /**
     * Service property, one text or several: the verbs it answers, like {@code volume.set}. Those
     * of Netloop itself cannot be taken by others; a plugin's begin with a name of its own.
     */
    String NAME = "netloop.verb";

    /** The longest time that a verb can have: longer limits are cut to it. */
    Duration LONGEST_LIMIT = Duration.ofMinutes(10);

    /**
     * Answers a request.
     *
     * @return the members of the answer, in the order in which they are shown; {@code message} is
     *     what a person is told. Maps with texts as keys, lists, texts, numbers, booleans and nulls
     *     alone, with at most 16 Mi characters and a depth of 32; secrets are taken out
     * @throws IOException with the sentence that the client is told instead
     * @throws IllegalArgumentException if the request is malformed, with that sentence
     * @throws InterruptedException if it was interrupted, as its time is over or the deployment
     *     stops
     */
    Map<String, ?> answer(ControlRequest request) throws IOException, InterruptedException;

    /**
     * Returns whether a request changes what outlives the process; by default none does. Such
     * requests take turns with an upgrade: while two processes of a deployment serve, they are
     * refused, as the other one would not know of the change.
     */
    default boolean isChange(ControlRequest request) {
        return false;
    }

    /**
     * Returns the time limit of an answer; 30 s by default. When it is over, the client is told so,
     * and the verb's thread is interrupted.
     */
    default Duration limit() {
        return Duration.ofSeconds(30);
    }
}
