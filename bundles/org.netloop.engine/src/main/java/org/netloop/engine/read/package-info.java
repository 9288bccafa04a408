/**
 * The way of a block from a cache or a mirror to its readers.
 *
 * <p>A block that is not in memory is brought by a <em>flight</em>, and all who want it wait for
 * the same one: they <em>board</em> it as <em>passengers</em>, each with the place in its reader's
 * buffer where its bytes belong. A <em>pilot</em>, a thread of the flight's own, brings the block
 * and <em>lands</em>: it copies the bytes to every passenger, and its own buffers are free at once.
 * Readers hold no buffers while they wait, so that none of them waits for what another one holds. A
 * reader who gives up leaves, and nothing is written to its buffer afterwards.
 *
 * <pre>
 * BlockReader ── PlainCache        what is in memory is copied, and nothing else is looked at
 *   │  miss
 * DemandFlights   PackFlights      flights that readers wait for; several blocks of a pack
 *   │       │       │
 *   │     EarlyFlights             flights that nobody has asked for yet
 *   │       │
 * Flights                          the table, the pilots, and how flights end
 *   │
 * StoredBlocks                     Formation, StoredCache, Metered: stages of a fetch, and on
 *                                  to those of {@link org.netloop.engine.fetch.Stage}
 * </pre>
 *
 * <p>Arrows go down, or to the right: {@code Flights} does not know how a block is brought, and
 * nothing here knows what is fetched ahead, or why.
 */
@NullMarked
package org.netloop.engine.read;

import org.jspecify.annotations.NullMarked;
