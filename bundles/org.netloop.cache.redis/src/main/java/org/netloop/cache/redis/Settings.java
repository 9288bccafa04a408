package org.netloop.cache.redis;

import redis.clients.jedis.HostAndPort;

import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Place of the server, and bounds for all that is used. Immutable, without secrets.
 *
 * @param mode the arrangement of the nodes
 * @param nodes at least one
 * @param master its name at the sentinels
 * @param prefix of all keys
 * @param lookUp longest time of a look-up
 * @param answer longest time of everything else
 * @param connections most at a time, to each node
 * @param queueBytes most bytes that wait to be sent
 * @param longest block in bytes that is sent or accepted
 */
record Settings(
        Mode mode,
        List<HostAndPort> nodes,
        String master,
        String prefix,
        Duration lookUp,
        Duration answer,
        int connections,
        long queueBytes,
        int longest) {
    private static final int KIBI = 1 << 10;
    private static final int SERVER_PORT = 6379;
    private static final int SENTINEL_PORT = 26_379;

    /** Arrangement of the nodes. */
    enum Mode {
        /** One server; of several nodes the first is used. */
        SINGLE,
        /** The nodes are sentinels, which know the server. */
        SENTINEL,
        /** The nodes are some of a cluster. */
        CLUSTER;

        static Mode of(String name) {
            for (Mode mode : values()) {
                if (mode.word().equals(name)) {
                    return mode;
                }
            }
            throw new IllegalArgumentException(
                    "mode '%s' of %s: it is single, sentinel or cluster"
                            .formatted(name, RedisCache.PID));
        }

        private String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static Settings of(RedisCache.Config config) {
        Mode mode = Mode.of(config.mode());
        int port = mode == Mode.SENTINEL ? SENTINEL_PORT : SERVER_PORT;
        List<HostAndPort> nodes =
                Arrays.stream(config.nodes())
                        .filter(node -> !node.isBlank())
                        .map(node -> node(node.strip(), port))
                        .toList();
        if (nodes.isEmpty()) {
            throw wrong("nodes", "", "it needs at least one HOST[:PORT]");
        }
        if (mode == Mode.SINGLE && nodes.size() > 1) {
            throw wrong("nodes", "", "mode single has one node; choose sentinel or cluster");
        }
        if (mode == Mode.SENTINEL && config.master_name().isBlank()) {
            throw wrong("master.name", "", "the sentinels know the server by a name");
        }
        return new Settings(
                mode,
                nodes,
                config.master_name(),
                config.prefix(),
                Duration.ofMillis(config.lookup_timeout_ms()),
                Duration.ofMillis(config.answer_timeout_ms()),
                config.connections(),
                (long) config.queue_kib() * KIBI,
                config.longest_block_kib() * KIBI);
    }

    private static HostAndPort node(String node, int port) {
        try {
            URI uri = URI.create("redis://" + node);
            if (uri.getHost() == null
                    || uri.getUserInfo() != null
                    || !uri.getPath().isEmpty()
                    || uri.getQuery() != null) {
                // Not shown: it may have a password in it.
                throw wrong("nodes", "", "each is HOST[:PORT], without user and password");
            }
            return new HostAndPort(uri.getHost(), uri.getPort() < 0 ? port : uri.getPort());
        } catch (IllegalArgumentException e) {
            throw wrong("nodes", "", "each is HOST[:PORT], without user and password");
        }
    }

    private static IllegalArgumentException wrong(String key, String value, String why) {
        return new IllegalArgumentException(
                key
                        + (value.isEmpty() ? "" : " '" + value + "'")
                        + " of "
                        + RedisCache.PID
                        + ": "
                        + why);
    }

    /** Returns what messages and measures call the server. */
    String name() {
        List<String> all = nodes.stream().map(HostAndPort::toString).toList();
        return mode.word() + " " + String.join(", ", all);
    }
}
