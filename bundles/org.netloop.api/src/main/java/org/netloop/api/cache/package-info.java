/**
 * The cache contract: keeps blocks near the reader.
 *
 * <p>There are three tiers. The plain tier holds decoded blocks in memory and is asked on every
 * read; the stored tier holds blocks as mirrors have them, usually on disk; the shared tier holds
 * the same beyond a network, for several machines, and is asked last before a mirror. All volumes
 * share the caches. A {@link org.netloop.api.cache.BlockCache} is registered with the service
 * property {@value org.netloop.api.cache.BlockCache#TIER}; the engine works without any.
 *
 * <p>Obligations: a cache returns exactly what was put, or nothing; it stays within its budget
 * whatever is put; eviction never fails a caller; a returned block is valid until it is closed.
 *
 * <p>A cache of the shared tier owns neither the medium nor the budget, so less is asked of what it
 * returns and more of the time it takes:
 *
 * <ul>
 *   <li>A key is the digest of the bytes. They may be wrong: the engine compares them each time,
 *       and calls {@code remove} for wrong ones. Documents, and blocks that no digest verifies, are
 *       never put there.
 *   <li>{@code get} and {@code contains} return within a deadline of the cache's own, of some
 *       milliseconds; what is not there by then is a miss. A cache that is late or gone again and
 *       again leaves itself out, returns misses at once, and comes back by itself.
 *   <li>{@code put} and {@code remove} return at once, and are done later. What waits is bounded in
 *       bytes; what exceeds that is dropped. The same process finds what waits.
 *   <li>None of the methods throws because of the other side. {@code statistics} does no I/O: it
 *       returns what was last learned of the other side, and 0 for what is not known.
 * </ul>
 */
@NullMarked
@Version("1.0.0")
package org.netloop.api.cache;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
