package org.netloop.itest;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.osgi.framework.BundleException;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Deployments that share blocks in Redis. */
final class SharedCacheTest extends RuntimeTest {
    private static final String BUNDLE = "org.netloop.cache.redis";
    private static final Duration WITHIN = Duration.ofSeconds(60);
    private static final int READERS = 2;
    private static final int READS_BETWEEN = 10;

    private final List<NbdReader> readers = new ArrayList<>();
    private @Nullable Swappable running;

    @AfterEach
    void stopAll() throws Exception {
        for (NbdReader reader : readers) {
            reader.close();
        }
        stop();
    }

    private void stop() throws BundleException, InterruptedException {
        if (running != null) {
            running.close();
            running = null;
        }
    }

    /** Starts a deployment without a cache on disk, and waits until it is in touch with Redis. */
    private Swappable deployment(String name, int redis, Nginx mirror) throws Exception {
        Swappable one = Swappable.start(directory(name));
        running = one;
        one.configure(
                BUNDLE,
                Map.of(
                        "nodes",
                        new String[] {"127.0.0.1:" + redis},
                        "lookup.timeout.ms",
                        5_000,
                        "answer.timeout.ms",
                        30_000));
        Await.until("it asked for INFO", WITHIN, () -> cli(redis, "client", "list").contains(INFO));
        one.configure("org.netloop.cache.memory.plain", Map.of("budget.mib", 8));
        one.configure(
                "org.netloop.volume~root",
                Map.of(
                        "name",
                        "root",
                        "reference",
                        mirror.uri(),
                        "prefetch",
                        "none",
                        "patience.ms",
                        30_000));
        one.configure(
                "org.netloop.attachment~root",
                Map.of("volume", "root", "frontend", "nbd", "place", "unix:" + socket(name)));
        Await.until("the export is there", WITHIN, () -> Files.exists(socket(name)));
        return one;
    }

    private static final String INFO = " cmd=info ";

    private Path socket(String name) {
        return at(name + ".socket");
    }

    private String cli(int port, String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of("redis-cli", "-p", String.valueOf(port)));
        command.addAll(List.of(words));
        try {
            return start(command.toArray(String[]::new)).end().out();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static List<String> blocks(Nginx mirror) throws IOException {
        return mirror.answers().stream()
                .map(Nginx.Answer::path)
                .filter(path -> path.startsWith("/blocks/"))
                .toList();
    }

    /** Every reader reads on, and none of them saw anything wrong. */
    private void goOn() throws IOException {
        List<Long> before = readers.stream().map(NbdReader::reads).toList();
        Await.until(
                "all readers go on",
                WITHIN,
                () -> {
                    boolean all = true;
                    for (int i = 0; i < readers.size(); i++) {
                        assertThat(readers.get(i).fault()).isNull();
                        all &= readers.get(i).reads() >= before.get(i) + READS_BETWEEN;
                    }
                    return all;
                });
    }

    @Test
    void theSecondAsksNoMirrorForABlockAndNoReaderSeesTheBundleOrTheServerGo() throws Exception {
        Path image = Images.random(16);
        Nginx mirror = published(image);
        int redis = Ports.free();
        Program server =
                start(
                        "redis-server",
                        "--port",
                        String.valueOf(redis),
                        "--bind",
                        "127.0.0.1",
                        "--save",
                        "");
        server.awaitOutput("eady to accept connections");

        deployment("first", redis, mirror);
        run("nbdcopy", nbd(socket("first")), at("copy1").toString());
        assertSame(image, at("copy1"));
        List<String> fetched = blocks(mirror);
        assertThat(fetched).hasSizeGreaterThan(40).doesNotHaveDuplicates();
        String all = String.valueOf(fetched.size());
        Await.until("all are there", WITHIN, () -> cli(redis, "dbsize").strip().equals(all));
        stop();

        Swappable second = deployment("second", redis, mirror);
        run("nbdcopy", nbd(socket("second")), at("copy2").toString());
        assertSame(image, at("copy2"));
        assertThat(blocks(mirror)).as("requests of the second").isEqualTo(fetched);

        for (int i = 0; i < READERS; i++) {
            readers.add(new NbdReader(socket("second"), "root", image, i));
            goOn();
        }
        WeakReference<ClassLoader> old = second.reinstall(BUNDLE);
        goOn();
        second.restart(BUNDLE);
        goOn();
        server.kill();
        goOn();
        Await.until(
                "the class loader is collected",
                WITHIN,
                () -> {
                    second.forgetEndedThreads();
                    System.gc();
                    return old.refersTo(null);
                });
    }
}
