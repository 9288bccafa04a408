/**
 * The trust contract: who signs what is published, and who must have signed what is opened.
 *
 * <p>A signature scheme implements {@link org.netloop.api.trust.Verifier}, {@link
 * org.netloop.api.trust.Signer} or both, over bytes it does not look into. What the bytes say is a
 * {@link org.netloop.api.trust.Statement}, the same for all schemes. The engine decides which keys
 * count; no scheme and no index format does.
 */
@NullMarked
@Version("1.0.0")
package org.netloop.api.trust;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
