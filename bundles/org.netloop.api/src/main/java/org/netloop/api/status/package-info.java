/**
 * Status: how the parts of a deployment are, and their measures.
 *
 * <p>A bundle registers a {@link org.netloop.api.status.Reporter}. It gives a {@link
 * org.netloop.api.status.Report} for each of its parts, with a list of {@link
 * org.netloop.api.status.Measure}s. All that operators see of a running deployment is made of
 * these: the status file beside a mounted image, {@code netloop status}, the lists of volumes and
 * mirrors, and JSON. A change of the configuration waits for the reports of what it configures.
 *
 * <p>Obligations: a reporter answers at once; a measure keeps its name and its labels as long as
 * its part is there; counters never go back while it is; names begin with {@code netloop_} for what
 * comes with Netloop, and with a name of their own for what does not.
 */
@NullMarked
@Version("1.0.0")
package org.netloop.api.status;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
