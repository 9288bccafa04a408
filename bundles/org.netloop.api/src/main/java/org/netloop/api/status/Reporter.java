package org.netloop.api.status;

import org.osgi.annotation.versioning.ConsumerType;

import java.util.List;

/**
 * Reports on some parts of a deployment, each with its measures. Registered as a service by the
 * bundle that runs them: whatever it reports is shown by {@code netloop status} and every other
 * reader of measures, which know no list of bundles. Called by many threads at once, at any time;
 * returns at once, without any I/O.
 */
@ConsumerType
public interface Reporter {

    /** Returns the parts, as they are now. */
    List<Report> reports();
}
