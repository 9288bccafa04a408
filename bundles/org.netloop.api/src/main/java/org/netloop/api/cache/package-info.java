/**
 * The cache contract: stored or plain blocks kept near the reader, within a budget of bytes.
 *
 * <p>A cache is registered as an OSGi service of type {@link org.netloop.api.cache.BlockCache} with
 * the service property {@value org.netloop.api.cache.BlockCache#TIER}.
 */
@NullMarked
@Version("1.0.0")
package org.netloop.api.cache;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
