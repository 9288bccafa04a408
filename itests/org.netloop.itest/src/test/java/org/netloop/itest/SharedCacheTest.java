package org.netloop.itest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Deployments without a cache on disk, which share the blocks that they fetched in Redis. */
final class SharedCacheTest extends RuntimeTest {
    private static final Duration WITHIN = Duration.ofSeconds(60);

    private final int port;

    SharedCacheTest() throws IOException {
        port = Ports.free();
    }

    /** Starts a deployment, and returns it once it is in touch with Redis and has its export. */
    private Program deployment(String name, Nginx mirror) throws IOException {
        Files.writeString(
                directory(name).resolve("all.json"),
                """
                {
                  "org.netloop.cache.redis":
                    {"nodes": ["127.0.0.1:PORT"], "lookup.timeout.ms": 5000, "answer.timeout.ms": 30000,
                     "queue.kib": 65536},
                  "org.netloop.cache.memory.plain": {"budget.mib": 8},
                  "org.netloop.volume~root":
                    {"name": "root", "reference": "REF", "prefetch": "none", "patience.ms": 30000},
                  "org.netloop.attachment~root": {"volume": "root", "frontend": "nbd", "place": "unix:SOCKET"}
                }
                """
                        .replace("PORT", String.valueOf(port))
                        .replace("REF", mirror.uri())
                        .replace("SOCKET", socket(name).toString()));
        Program deployment =
                netloop("run", at(name).toString(), "--state", at(name + ".state").toString());
        for (String line : List.of("is used", "1 of 1 attachments are there")) {
            Await.until(line, WITHIN, () -> deployment.err().contains(line));
        }
        return deployment;
    }

    private Path socket(String name) {
        return at(name + ".socket");
    }

    private void assertReads(String name, Path image) throws IOException, InterruptedException {
        Path copy = at(name + ".copy");
        Files.deleteIfExists(copy);
        run("nbdcopy", nbd(socket(name)), copy.toString());
        assertSame(image, copy);
    }

    private int blocksInRedis() throws IOException {
        try {
            String size = start("redis-cli", "-p", String.valueOf(port), "dbsize").end().out();
            return Integer.parseInt(size.strip());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private static List<String> blocks(Nginx mirror) throws IOException {
        return mirror.answers().stream()
                .map(Nginx.Answer::path)
                .filter(path -> path.startsWith("/blocks/"))
                .toList();
    }

    @Test
    void theSecondHardlyAsksAMirrorAndNoReaderSeesTheServerGo() throws Exception {
        Path image = Images.random(16);
        Nginx mirror = published(image);
        Program server =
                start(
                        "redis-server",
                        "--port",
                        String.valueOf(port),
                        "--bind",
                        "127.0.0.1",
                        "--save",
                        "");
        server.awaitOutput("eady to accept connections");

        Program first = deployment("first", mirror);
        assertReads("first", image);
        List<String> fetched = blocks(mirror);
        assertThat(fetched).hasSizeGreaterThan(40).doesNotHaveDuplicates();
        Await.until("most are there", WITHIN, () -> blocksInRedis() > fetched.size() * 4 / 5);
        assertThat(first.terminate().end().exit()).isZero();

        Program second = deployment("second", mirror);
        assertReads("second", image);
        // Parts of the index that are read at the opening are not shared.
        assertThat(blocks(mirror).size() - fetched.size())
                .as("requests of the second, where the first made %s", fetched.size())
                .isLessThan(fetched.size() / 4);
        server.kill();
        assertReads("second", image);
        assertThat(second.terminate().end().exit()).isZero();
    }
}
