/**
 * The control contract: requests that a running deployment answers at its control socket.
 *
 * <p>A bundle registers a {@link org.netloop.api.control.ControlVerb} with the property {@value
 * org.netloop.api.control.ControlVerb#NAME}; from then on {@code netloop ask VERB} reaches it, and
 * so does a command of the same bundle through the service {@link
 * org.netloop.api.control.ControlClient}. The deployment's own requests are such services.
 *
 * <p>Obligations: a verb answers within its time limit and ends when its thread is interrupted; its
 * answer is made of maps, lists, texts, numbers, booleans and nulls, and is bounded. A verb that
 * throws or hangs costs its client an error, and nobody else anything.
 */
@NullMarked
@Version("1.0.0")
package org.netloop.api.control;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
