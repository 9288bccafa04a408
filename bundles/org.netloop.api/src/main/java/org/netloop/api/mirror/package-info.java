/** The mirror policy contract: in which order mirrors are asked. */
@NullMarked
@Version("1.0.0")
package org.netloop.api.mirror;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
