/**
 * The transport contract: fetches bytes of a URI, and publishes to one.
 *
 * <p>A {@link org.netloop.api.transport.Transport} is registered with the service property {@value
 * org.netloop.api.transport.Transport#SCHEMES}. It fetches whole objects and ranges into a buffer
 * of the caller, and may open a {@link org.netloop.api.transport.Repository} for publishing. The
 * type of a {@link org.netloop.api.transport.FetchException} decides what the engine does next;
 * retries and failover are the engine's.
 *
 * <p>Obligations: a call ends within its timeout, and promptly when its thread is interrupted; no
 * more memory is taken than the buffer, whatever the server sends; bytes come as they are stored;
 * an answer whose claims contradict each other is refused; no message contains a secret.
 */
@NullMarked
@Version("1.0.0")
package org.netloop.api.transport;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
