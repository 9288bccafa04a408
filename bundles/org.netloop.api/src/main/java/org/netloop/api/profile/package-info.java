/**
 * Profiles: what a workload (a boot) reads of an image, in order. A profile lies beside the image
 * in its repository, and is followed ahead of the reader. It is a hint and nothing more: whatever
 * it says, each block is verified as if it had been read without one.
 */
@NullMarked
@Version("1.0.0")
package org.netloop.api.profile;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
