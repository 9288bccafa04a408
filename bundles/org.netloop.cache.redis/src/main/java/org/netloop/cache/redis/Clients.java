package org.netloop.cache.redis;

import org.jspecify.annotations.Nullable;

import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.Connection;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.RedisSentinelClient;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.util.Pool;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;

import javax.net.ssl.SSLSocketFactory;

/**
 * Makes clients of the library. Immutable.
 *
 * @param settings where the server is
 * @param tls makes connections secure; null to use none
 * @param credentialsFile file with user and password; null if there are none
 */
record Clients(Settings settings, @Nullable SSLSocketFactory tls, @Nullable Path credentialsFile)
        implements Link.Server {
    /** A command goes to another node when a cluster has moved its key; not more often. */
    private static final int ATTEMPTS = 2;

    /** End of a key that no block has. */
    private static final String NO_DIGEST = "?";

    /** Connects: a look-up finds its connection ready, and has no time to make one by TLS. */
    @Override
    public UnifiedJedis open() {
        UnifiedJedis client = create();
        boolean good = false;
        try {
            for (Pool<Connection> pool : pools(client)) {
                pool.addObjects(settings.connections());
            }
            good = true;
            return client;
        } finally {
            if (!good) {
                client.close();
            }
        }
    }

    @Override
    public void probe(UnifiedJedis client) {
        client.getrange(settings.prefix() + NO_DIGEST, 0, 0);
    }

    private UnifiedJedis create() {
        return switch (settings.mode()) {
            case SINGLE ->
                    RedisClient.builder()
                            .hostAndPort(settings.nodes().getFirst())
                            .clientConfig(config(false))
                            .poolConfig(pool())
                            .build();
            case SENTINEL ->
                    RedisSentinelClient.builder()
                            .sentinels(new HashSet<>(settings.nodes()))
                            .masterName(settings.master())
                            .clientConfig(config(false))
                            .sentinelClientConfig(config(true))
                            .poolConfig(pool())
                            .build();
            case CLUSTER ->
                    RedisClusterClient.builder()
                            .nodes(new HashSet<>(settings.nodes()))
                            .clientConfig(config(false))
                            .poolConfig(pool())
                            .maxAttempts(ATTEMPTS)
                            .maxTotalRetriesDuration(settings.answer())
                            .build();
        };
    }

    // What replaces the deprecated methods takes key stores alone, and no authorities in PEM.
    @SuppressWarnings("deprecation")
    private JedisClientConfig config(boolean forSentinels) {
        int answer = (int) settings.answer().toMillis();
        DefaultJedisClientConfig.Builder config =
                DefaultJedisClientConfig.builder()
                        .protocol(RedisProtocol.RESP2)
                        .connectionTimeoutMillis(answer)
                        .socketTimeoutMillis(answer)
                        .clientSetInfoConfig(ClientSetInfoConfig.DISABLED);
        if (credentialsFile != null) {
            config.credentialsProvider(new Credentials(credentialsFile, forSentinels));
        }
        if (tls != null) {
            config.ssl(true).sslSocketFactory(tls);
        }
        return config.build();
    }

    private ConnectionPoolConfig pool() {
        ConnectionPoolConfig pool = new ConnectionPoolConfig();
        // One more than calls: the thread that sends has its own.
        pool.setMaxTotal(settings.connections() + 1);
        pool.setMaxIdle(settings.connections() + 1);
        pool.setMaxWait(settings.answer());
        pool.setJmxEnabled(false);
        pool.setTestWhileIdle(false);
        pool.setTimeBetweenEvictionRuns(Duration.ofMillis(-1));
        return pool;
    }

    /** Returns what each node says of itself: the text of its INFO. */
    static List<String> describe(UnifiedJedis client) {
        List<String> all = new ArrayList<>();
        for (Pool<Connection> pool : pools(client)) {
            try (Connection connection = pool.getResource()) {
                connection.sendCommand(Protocol.Command.INFO);
                all.add(new String(connection.getBinaryBulkReply(), StandardCharsets.UTF_8));
            }
        }
        return all;
    }

    private static Collection<? extends Pool<Connection>> pools(UnifiedJedis client) {
        return switch (client) {
            case RedisClusterClient cluster -> cluster.getClusterNodes().values();
            case RedisSentinelClient sentinel -> sentinel.getPrimaryNodesConnectionMap().values();
            case RedisClient single -> List.of(single.getPool());
            default -> List.of();
        };
    }
}
