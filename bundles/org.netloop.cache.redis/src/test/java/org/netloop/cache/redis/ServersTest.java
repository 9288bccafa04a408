package org.netloop.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.tck.Machine;

import redis.clients.jedis.Jedis;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/** Servers as they are set up in earnest: with users, TLS, sentinels, and as a cluster. */
@Timeout(180)
final class ServersTest {
    private static final String SECRET = "open-Sesame-7f3a";

    @TempDir Path home;

    private Site site;

    @BeforeEach
    void begin() {
        site = new Site(home);
    }

    @AfterEach
    void end() {
        site.close();
    }

    private void assertShares(Map<String, Object> settings) throws Exception {
        RedisCache here = site.open(settings);
        RedisCache there = site.open(settings);
        for (int seed = 0; seed < 20; seed++) {
            here.put(Opened.key(seed), Opened.block(seed));
        }
        for (int seed = 0; seed < 20; seed++) {
            int one = seed;
            RedisServer.await(() -> Opened.has(there, one));
        }
        // A new one looks at once what the servers have; others do so now and then.
        RedisCache late = site.open(settings);
        RedisServer.await(() -> late.statistics().entries() >= 20);
    }

    private Path credentials(String text) throws Exception {
        Path file = home.resolve("credentials");
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return file;
    }

    /** Adds the user that the README describes. */
    private static void addUser(RedisServer server) {
        server.ask(
                jedis ->
                        jedis.aclSetUser(
                                "netloop",
                                "on",
                                ">" + SECRET,
                                "resetkeys",
                                "~netloop:*",
                                "resetchannels",
                                "-@all",
                                "+getrange",
                                "+exists",
                                "+set",
                                "+del",
                                "+info"));
    }

    @Test
    void aUserNeedsNoMoreThanTheDocumentationSays() throws Exception {
        RedisServer server = site.server();
        addUser(server);
        Map<String, Object> settings = Opened.at(server.node());
        settings.put(
                "credentials_file",
                credentials("# of the site\nuser netloop\npassword " + SECRET + "\n").toString());
        assertShares(settings);
    }

    @Test
    void aWrongPasswordCostsNothingAndIsToldWithoutIt() throws Exception {
        RedisServer server = site.server();
        addUser(server);
        Map<String, Object> settings = Opened.at(server.node());
        Path file = credentials("user netloop\npassword wrong-" + SECRET + "\n");
        settings.put("credentials_file", file.toString());
        RedisCache cache = Opened.start(settings);
        site.caches.add(cache);
        RedisServer.await(() -> said(cache).contains("WRONGPASS"));
        cache.put(Opened.key(1), Opened.block(1));
        assertThat(Opened.has(cache, 1)).isFalse();
        assertThat(said(cache)).doesNotContain(SECRET);

        credentials("user netloop\npassword " + SECRET + "\n");
        RedisServer.await(() -> cache.check().isEmpty() || !said(cache).contains("not used"));
        cache.put(Opened.key(1), Opened.block(1));
        RedisServer.await(() -> server.keys() == 1);
    }

    private static String said(RedisCache cache) {
        return cache.check() + " " + cache.reports();
    }

    @Test
    void aServerWithTlsIsBelievedByItsAuthorityAlone() throws Exception {
        Machine.needsProgram("openssl");
        RedisServer server = startWithTls();
        site.servers.add(server);
        Map<String, Object> settings = Opened.at(server.node());
        settings.put("answer_timeout_ms", 20_000);
        settings.put("tls", true);
        RedisCache distrusts = Opened.start(settings);
        site.caches.add(distrusts);
        RedisServer.await(() -> said(distrusts).contains("certification path"));
        settings.put("ca_file", home.resolve("cert.pem").toString());
        assertShares(settings);
    }

    /** Makes a certificate of its own, and starts a server that shows it. */
    private RedisServer startWithTls() throws Exception {
        run(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=site",
                "-addext",
                "subjectAltName=IP:127.0.0.1",
                "-keyout",
                "key.pem",
                "-out",
                "cert.pem");
        int port = RedisServer.freePort();
        return RedisServer.startAt(
                port,
                home,
                "--port",
                "0",
                "--tls-port",
                String.valueOf(port),
                "--tls-cert-file",
                home.resolve("cert.pem").toString(),
                "--tls-key-file",
                home.resolve("key.pem").toString(),
                "--tls-ca-cert-file",
                home.resolve("cert.pem").toString(),
                "--tls-auth-clients",
                "no");
    }

    private void run(String... command) throws Exception {
        Process process =
                new ProcessBuilder(command)
                        .directory(home.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(home.resolve("out").toFile())
                        .start();
        assertThat(process.waitFor()).as(Files.readString(home.resolve("out"))).isZero();
    }

    @Test
    void threeNodesOfAClusterShareTheBlocksAndOneThatDiesCostsALittleTime() throws Exception {
        Machine.needsProgram("redis-cli");
        for (int i = 0; i < 3; i++) {
            site.server("--cluster-enabled", "yes", "--cluster-node-timeout", "2000");
        }
        String[] nodes = site.servers.stream().map(RedisServer::node).toArray(String[]::new);
        run("redis-cli", "--cluster", "create", nodes[0], nodes[1], nodes[2], "--cluster-yes");
        for (RedisServer server : site.servers) {
            RedisServer.await(() -> server.ask(Jedis::clusterInfo).contains("cluster_state:ok"));
        }
        Map<String, Object> settings = Opened.at(nodes[0]);
        settings.put("mode", "cluster");
        assertShares(settings);
        for (RedisServer server : site.servers) {
            assertThat(server.keys()).as("keys at " + server.node()).isPositive();
        }

        RedisCache cache = site.caches.getFirst();
        site.servers.get(1).kill();
        long began = System.nanoTime();
        for (int seed = 100; seed < 200; seed++) {
            assertThat(Opened.has(cache, seed)).isFalse();
        }
        assertThat(System.nanoTime() - began).isLessThan(30_000_000_000L);
        site.servers.get(1).restart();
        RedisServer.await(
                () -> {
                    cache.put(Opened.key(1), Opened.block(1));
                    return Opened.has(cache, 1)
                            && cache.check().stream()
                                    .noneMatch(finding -> finding.message().contains("not used"));
                });
    }

    @Test
    void sentinelsSayWhichServerItIs() throws Exception {
        RedisServer server = site.server();
        int port = RedisServer.freePort();
        Path configuration = home.resolve("sentinel.conf");
        Files.writeString(
                configuration,
                "port %d\nsentinel monitor site 127.0.0.1 %d 1\n".formatted(port, server.port()));
        Process sentinel =
                new ProcessBuilder("redis-server", configuration.toString(), "--sentinel")
                        .directory(home.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(home.resolve("sentinel.log").toFile())
                        .start();
        try {
            RedisServer.await(
                    () ->
                            Files.readString(home.resolve("sentinel.log"))
                                    .contains("+monitor master site"));
            Map<String, Object> settings = Opened.at("127.0.0.1:" + port);
            settings.put("mode", "sentinel");
            settings.put("master_name", "site");
            assertShares(settings);
        } finally {
            sentinel.destroyForcibly().onExit().join();
        }
    }
}
