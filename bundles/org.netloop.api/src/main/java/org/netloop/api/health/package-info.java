/**
 * Health: how a deployment is, and what a machine and a person should do about it.
 *
 * <p>A bundle registers a {@link org.netloop.api.health.HealthCheck} for what it knows best. All
 * checks together are asked through the service {@link org.netloop.api.health.Health}, by {@code
 * netloop status}, the service manager's status and the HTTP endpoints. The words are those of
 * Apache Felix Health Checks, without its dependencies.
 *
 * <p>Obligations: a check ends within its deadline, and soon after its thread is interrupted; it
 * changes nothing; what it finds is bounded and free of secrets. A check that throws or hangs is a
 * finding itself, and costs no other check anything.
 */
@NullMarked
@Version("1.0.0")
package org.netloop.api.health;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
