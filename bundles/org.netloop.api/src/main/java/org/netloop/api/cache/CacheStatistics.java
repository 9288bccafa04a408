package org.netloop.api.cache;

/**
 * What a cache holds and did since it started.
 *
 * @param entries how many blocks it holds
 * @param bytes how many bytes they take
 * @param budget how many bytes they may take
 * @param hits how often a block was got
 * @param misses how often there was none
 * @param evictions how many were dropped for room
 * @param damaged how many were dropped because they proved damaged
 */
public record CacheStatistics(
        long entries,
        long bytes,
        long budget,
        long hits,
        long misses,
        long evictions,
        long damaged) {}
