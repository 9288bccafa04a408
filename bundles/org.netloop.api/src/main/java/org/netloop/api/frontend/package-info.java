/**
 * The frontend contract: exposing volumes to the outside (FUSE, NBD).
 *
 * <p>A frontend is registered as an OSGi service of type {@link org.netloop.api.frontend.Frontend}.
 */
@NullMarked
@Version("1.0.0")
package org.netloop.api.frontend;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
