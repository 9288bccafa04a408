package org.netloop.api.cache;

/**
 * Contents and counters of a cache since it started.
 *
 * @param entries number of blocks
 * @param bytes bytes they take
 * @param budget bytes they may take; 0 if a shared cache does not know
 * @param hits number of look-ups that found a block
 * @param misses number of look-ups that did not
 * @param evictions number of blocks dropped to make room
 * @param damaged number of blocks dropped because they were damaged
 */
public record CacheStatistics(
        long entries,
        long bytes,
        long budget,
        long hits,
        long misses,
        long evictions,
        long damaged) {}
