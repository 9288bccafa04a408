/**
 * The profile contract: what a workload, such as a boot, reads of an image, in order.
 *
 * <p>A {@link org.netloop.api.profile.ProfileFormat} finds the {@link
 * org.netloop.api.profile.Profile} of an image in its repository; the engine fetches along it ahead
 * of the reader. A {@link org.netloop.api.profile.ProfilePublisher} writes it there.
 *
 * <p>Obligations: a profile is a hint. Each block is verified as if there were no profile; a
 * missing, malformed or hostile one costs time at most, never a read.
 */
@NullMarked
@Version("1.0.0")
package org.netloop.api.profile;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
