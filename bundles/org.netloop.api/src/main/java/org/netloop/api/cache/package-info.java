/**
 * The cache contract: keeps blocks near the reader.
 *
 * <p>There are two tiers. The plain tier holds decoded blocks in memory and is asked on every read;
 * the stored tier holds blocks as mirrors have them, usually on disk, and is asked before a mirror.
 * All volumes share the caches. A {@link org.netloop.api.cache.BlockCache} is registered with the
 * service property {@value org.netloop.api.cache.BlockCache#TIER}; the engine works without any.
 *
 * <p>Obligations: a cache returns exactly what was put, or nothing; it stays within its budget
 * whatever is put; eviction never fails a caller; a returned block is valid until it is closed.
 */
@NullMarked
@Version("1.0.0")
package org.netloop.api.cache;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
