package org.netloop.api.status;

import org.osgi.annotation.versioning.ConsumerType;

import java.util.List;

/**
 * Tells how some parts of a deployment are. Registered as a service by whoever runs them; called by
 * many threads at once, at any time, and returns at once.
 */
@ConsumerType
public interface Reporter {

    /** The parts, as they are now. */
    List<Report> reports();
}
