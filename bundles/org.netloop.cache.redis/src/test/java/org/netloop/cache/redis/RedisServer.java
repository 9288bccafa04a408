package org.netloop.cache.redis;

import org.netloop.tck.Machine;

import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Debian's redis-server on a port of its own, without anything on disk. */
final class RedisServer implements AutoCloseable {
    private static final long PATIENCE_NANOS = 60_000_000_000L;
    private static final int LOOK_EVERY_MS = 5;

    private final Path home;
    private final int port;
    private final List<String> options;
    private Process process;

    private RedisServer(Path home, int port, List<String> options) throws Exception {
        Machine.needsProgram("redis-server");
        this.home = Files.createDirectories(home.resolve("redis-" + port));
        this.port = port;
        this.options = options;
        this.process = launch();
    }

    static RedisServer start(Path home, String... options) throws Exception {
        return startAt(freePort(), home, options);
    }

    static RedisServer startAt(int port, Path home, String... options) throws Exception {
        return new RedisServer(home, port, List.of(options));
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private Process launch() throws Exception {
        List<String> command = new ArrayList<>(List.of("redis-server"));
        if (!options.contains("--port")) {
            command.addAll(List.of("--port", String.valueOf(port)));
        }
        command.addAll(List.of("--bind", "127.0.0.1", "--save", "", "--appendonly", "no"));
        command.addAll(List.of("--dir", home.toString()));
        command.addAll(options);
        Process started =
                new ProcessBuilder(command)
                        .directory(home.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(home.resolve("log").toFile())
                        .start();
        await(() -> Files.readString(home.resolve("log")).contains("eady to accept connections"));
        return started;
    }

    /** Waits for a condition. */
    static void await(Condition condition) throws Exception {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (!condition.holds()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("it does not come true");
            }
            Thread.sleep(LOOK_EVERY_MS);
        }
    }

    /** A condition that comes true. */
    interface Condition {
        boolean holds() throws Exception;
    }

    int port() {
        return port;
    }

    String node() {
        return "127.0.0.1:" + port;
    }

    /** Asks it as its administrator, who needs no password here. */
    <T> T ask(Function<Jedis, T> question) {
        try (Jedis jedis = new Jedis("127.0.0.1", port)) {
            return question.apply(jedis);
        }
    }

    long keys() {
        try {
            return ask(Jedis::dbSize);
        } catch (JedisException _) {
            return -1;
        }
    }

    void signal(String name) throws Exception {
        new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start().waitFor();
    }

    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    void restart() throws Exception {
        kill();
        process = launch();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void close() {
        kill();
    }
}
