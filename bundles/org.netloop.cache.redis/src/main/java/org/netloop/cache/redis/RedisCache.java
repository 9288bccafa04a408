package org.netloop.cache.redis;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;
import org.netloop.api.cache.BlockCache;
import org.netloop.api.cache.CacheStatistics;
import org.netloop.api.health.Finding;
import org.netloop.api.health.HealthCheck;
import org.netloop.api.status.Report;
import org.netloop.api.status.Reporter;
import org.netloop.api.tls.Authorities;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

import javax.net.ssl.SSLSocketFactory;

/** Stored blocks in Redis or Valkey, which machines share. There once it is configured. */
@Component(
        service = {BlockCache.class, HealthCheck.class, Reporter.class},
        configurationPid = RedisCache.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        property = {
            BlockCache.TIER + "=" + BlockCache.TIER_SHARED,
            HealthCheck.NAME + "=cache-shared"
        })
@Designate(ocd = RedisCache.Config.class)
public final class RedisCache implements BlockCache, HealthCheck, Reporter {
    static final String PID = "org.netloop.cache.redis";

    @ObjectClassDefinition(
            name = "Cache in Redis",
            description = "Stored blocks in Redis or Valkey, shared by the machines of a site")
    @interface Config {
        @AttributeDefinition(
                name = "Nodes",
                description =
                        "HOST[:PORT] of the server, of some sentinels, or of some nodes of the"
                                + " cluster")
        String[] nodes() default {};

        @AttributeDefinition(
                name = "Mode",
                options = {
                    @Option(label = "One server", value = "single"),
                    @Option(label = "A server that sentinels know", value = "sentinel"),
                    @Option(label = "A cluster", value = "cluster")
                },
                description = "How the nodes work together: single, sentinel or cluster")
        String mode() default "single";

        @AttributeDefinition(
                name = "Name of the master",
                description = "Name by which the sentinels know the server")
        String master_name() default "";

        @AttributeDefinition(name = "TLS", description = "Whether connections use TLS")
        boolean tls() default false;

        @AttributeDefinition(
                name = "Authorities",
                description = "PEM file of certificate authorities to trust in place of the JDK's")
        String ca_file() default "";

        @AttributeDefinition(
                name = "Credentials file",
                description =
                        "File with lines 'user NAME' and 'password SECRET', readable by its owner"
                                + " only; read anew for each connection")
        String credentials_file() default "";

        @AttributeDefinition(
                name = "Prefix",
                description = "Begin of all keys; deployments with the same one share blocks")
        String prefix() default "netloop:";

        @AttributeDefinition(
                name = "Look-up timeout (ms)",
                min = "1",
                max = "10000",
                description = "Longest time that a reader waits for an answer, in ms")
        int lookup_timeout_ms() default 50;

        @AttributeDefinition(
                name = "Answer timeout (ms)",
                min = "10",
                max = "60000",
                description = "Longest time for connecting, and for sending a block, in ms")
        int answer_timeout_ms() default 1_000;

        @AttributeDefinition(
                name = "Connections",
                min = "1",
                max = "256",
                description = "Most connections that readers use at a time, to each node")
        int connections() default 8;

        @AttributeDefinition(
                name = "Queue (KiB)",
                min = "0",
                max = "65536",
                description =
                        "Memory for blocks that wait to be sent, in KiB; further ones are not"
                                + " sent. 0: this deployment only reads")
        int queue_kib() default 8_192;

        @AttributeDefinition(
                name = "Longest block (KiB)",
                min = "1",
                max = "16384",
                description = "Longer blocks are neither sent nor accepted, in KiB")
        int longest_block_kib() default 1_024;
    }

    private final SharedBlocks blocks;
    private final Condition condition;

    /**
     * Created by Declarative Services.
     *
     * @throws IOException if the file of authorities cannot be used
     */
    @Activate
    public RedisCache(Config config) throws IOException {
        Settings settings = Settings.of(config);
        String credentials = config.credentials_file();
        Clients clients =
                new Clients(
                        settings,
                        config.tls() ? tls(config.ca_file()) : null,
                        credentials.isBlank() ? null : Path.of(credentials));
        blocks = new SharedBlocks(settings, clients);
        condition = new Condition(settings.name(), blocks);
    }

    private static SSLSocketFactory tls(String authorities) throws IOException {
        return authorities.isBlank()
                ? (SSLSocketFactory) SSLSocketFactory.getDefault()
                : Authorities.read(Path.of(authorities)).context().getSocketFactory();
    }

    @Activate
    void start() throws InterruptedException {
        blocks.start();
    }

    @Deactivate
    void stop() {
        blocks.close();
    }

    @Override
    public List<Finding> check() {
        return condition.findings();
    }

    @Override
    public List<Report> reports() {
        return List.of(condition.report());
    }

    @Override
    public @Nullable Cached get(Digest key) {
        return blocks.get(key);
    }

    @Override
    public boolean contains(Digest key) {
        return blocks.contains(key);
    }

    @Override
    public void put(Digest key, ByteBuffer bytes) {
        blocks.put(key, bytes);
    }

    @Override
    public void remove(Digest key) {
        blocks.remove(key);
    }

    @Override
    public CacheStatistics statistics() {
        return blocks.statistics();
    }
}
