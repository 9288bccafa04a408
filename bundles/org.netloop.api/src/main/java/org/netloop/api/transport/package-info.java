/**
 * The transport contract: fetching bytes of a URI, and publishing to one.
 *
 * <p>A transport is registered as an OSGi service of type {@link
 * org.netloop.api.transport.Transport} with the service property {@value
 * org.netloop.api.transport.Transport#SCHEMES}. What went wrong is said by the type of {@link
 * org.netloop.api.transport.FetchException}: it decides what the fetcher does next.
 */
@NullMarked
@Version("1.0.0")
package org.netloop.api.transport;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
