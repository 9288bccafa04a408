/**
 * How the parts of a deployment are: what operators are shown, and what a change of the
 * configuration waits for.
 */
@NullMarked
@Version("1.0.0")
package org.netloop.api.status;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
