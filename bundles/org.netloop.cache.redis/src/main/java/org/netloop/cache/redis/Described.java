package org.netloop.cache.redis;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Facts that the servers told of themselves, together; 0 and empty for what they did not say.
 * Immutable.
 *
 * @param blocks number of keys
 * @param used memory in use, in bytes
 * @param budget memory that may be used, in bytes; 0 if there is no limit
 * @param evicted keys dropped for room
 * @param policy the policy of eviction of the first that has one
 */
record Described(long blocks, long used, long budget, long evicted, String policy) {
    /** Nothing is known. */
    static final Described NOTHING = new Described(0, 0, 0, 0, "");

    /**
     * Reads texts of INFO. Replicas have what their masters have, and do not count.
     *
     * @param texts one for each node
     */
    static Described of(List<String> texts) {
        Described all = NOTHING;
        for (String text : texts) {
            Map<String, String> fields = fields(text);
            if (fields.getOrDefault("role", "master").equals("master")) {
                all = all.plus(one(fields));
            }
        }
        return all;
    }

    private static Map<String, String> fields(String text) {
        return text.lines()
                .map(line -> line.split(":", 2))
                .filter(parts -> parts.length == 2)
                .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1], (a, _) -> a));
    }

    private static Described one(Map<String, String> fields) {
        return new Described(
                keys(fields.getOrDefault("db0", "")),
                number(fields.getOrDefault("used_memory", "")),
                number(fields.getOrDefault("maxmemory", "")),
                number(fields.getOrDefault("evicted_keys", "")),
                fields.getOrDefault("maxmemory_policy", ""));
    }

    /** Number of keys in {@code keys=5,expires=0,avg_ttl=0}. */
    private static long keys(String database) {
        return database.startsWith("keys=")
                ? number(database.substring("keys=".length()).split(",", 2)[0])
                : 0;
    }

    private static long number(String text) {
        try {
            return Math.max(0, Long.parseLong(text.strip()));
        } catch (NumberFormatException _) {
            return 0;
        }
    }

    private Described plus(Described other) {
        return new Described(
                blocks + other.blocks,
                used + other.used,
                budget + other.budget,
                evicted + other.evicted,
                policy.isEmpty() ? other.policy : policy);
    }
}
