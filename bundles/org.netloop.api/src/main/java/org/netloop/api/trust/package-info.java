/**
 * The trust contract: who signs what is published, and who must have signed what is opened.
 *
 * <p>A signature scheme implements {@link org.netloop.api.trust.Verifier}, {@link
 * org.netloop.api.trust.Signer} or both, over bytes it does not look into. What the bytes say is a
 * {@link org.netloop.api.trust.Statement}, the same for all schemes. The engine decides which keys
 * count; no scheme and no index format does.
 *
 * <p>Obligations: keys and envelopes come from others, so a scheme checks their bounds first and
 * calls a malformed one {@link org.netloop.api.transport.FetchException.Corrupt}; it answers for
 * one key and one signature at a time; every signature is of the whole message; a {@link
 * org.netloop.api.trust.SecretKey} appears in no message, log or {@code toString}.
 */
@NullMarked
@Version("1.0.0")
package org.netloop.api.trust;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
