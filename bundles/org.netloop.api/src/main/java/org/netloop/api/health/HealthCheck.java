package org.netloop.api.health;

import org.osgi.annotation.versioning.ConsumerType;

import java.util.List;

/**
 * Checks one aspect of a deployment. Registered as a service by any bundle, with the property
 * {@value #NAME}. Called on a thread of its own, by one thread at a time, at most once a second.
 */
@ConsumerType
@FunctionalInterface
public interface HealthCheck {
    /**
     * Service property with the name of the check, of lower-case letters, digits, dots and hyphens:
     * {@code cache-space}. Without it the check goes by the name of its class.
     */
    String NAME = "netloop.health";

    /**
     * Service property, a whole number: the time in milliseconds after which the answer is no
     * longer waited for; {@value #DEFAULT_DEADLINE_MS} if absent, at most {@value
     * #LONGEST_DEADLINE_MS}.
     */
    String DEADLINE_MS = "netloop.health.deadline_ms";

    /** The deadline of a check that states none, in milliseconds. */
    int DEFAULT_DEADLINE_MS = 3_000;

    /** The longest deadline, in milliseconds; a check that states a longer one gets this. */
    int LONGEST_DEADLINE_MS = 10_000;

    /** The largest number of findings that are kept of a check. */
    int MOST_FINDINGS = 100;

    /**
     * Checks now.
     *
     * @return whatever is worth telling; empty if all is well. At most {@value #MOST_FINDINGS}
     * @throws InterruptedException if the thread was interrupted, after the deadline
     */
    List<Finding> check() throws InterruptedException;
}
