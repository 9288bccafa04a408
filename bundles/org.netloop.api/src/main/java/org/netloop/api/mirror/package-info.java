/**
 * The mirror policy contract: decides in which order mirrors are asked.
 *
 * <p>Before each fetch the engine gives a {@link org.netloop.api.mirror.MirrorPolicy} the mirrors
 * that may be asked, with what was measured of them. It asks them in the order that the policy
 * returns until one answers well. A policy may also keep a fetch to some of them.
 *
 * <p>Obligations: a policy returns each mirror once, and keeps to at least one; it does no I/O and
 * takes no lock for long; it is called by many threads at once.
 */
@NullMarked
@Version("1.0.0")
package org.netloop.api.mirror;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
