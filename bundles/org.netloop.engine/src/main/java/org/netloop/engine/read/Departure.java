package org.netloop.engine.read;

import org.netloop.api.block.Block;
import org.netloop.api.block.StoredBlock;

/**
 * A flight that is to begin.
 *
 * @param flight takes the block to all who wait for it
 * @param block what is fetched
 * @param stored where its stored form lies
 * @param name what messages call it
 */
record Departure(Flight flight, Block block, StoredBlock stored, String name) {}
