package org.netloop.engine.read;

/**
 * The tiers of caches of stored blocks.
 *
 * @param own of this machine: whatever is read may be kept there
 * @param shared by several machines: only what a digest verifies is kept there
 */
public record StoredTiers(CacheTier own, CacheTier shared) {}
