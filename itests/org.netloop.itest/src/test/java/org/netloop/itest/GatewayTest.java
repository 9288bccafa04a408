package org.netloop.itest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A deployment that is a mirror for its neighbours. */
final class GatewayTest extends RuntimeTest {
    private static final Duration WITHIN = Duration.ofSeconds(120);
    private static final int READERS = 3;

    private Program gateway(Nginx distant, int port) throws IOException {
        String configuration =
                """
                {
                  "org.netloop.cache.disk": {"directory": "CACHE", "budget.mib": 100},
                  "org.netloop.gateway.http":
                    {"listen": "127.0.0.1:PORT", "repositories": ["root DISTANT"]}
                }
                """
                        .replace("CACHE", at("cache").toString())
                        .replace("PORT", String.valueOf(port))
                        .replace("DISTANT", distant.uri());
        Files.writeString(directory("conf").resolve("gateway.json"), configuration);
        Program service = netloop("run", at("conf").toString(), "--state", at("state").toString());
        Await.until(
                "it listens: " + service,
                WITHIN,
                () -> service.err().contains("the gateway listens on"));
        return service;
    }

    @Test
    void eachBlockIsFetchedOnceForAllNeighboursAndServedFromTheCache()
            throws IOException, InterruptedException {
        Path image = Images.random(16);
        Nginx distant = published(image);
        int port = Ports.free();
        Program service = gateway(distant, port);
        String site = "http://127.0.0.1:" + port + "/root/";
        List<Program> readers = new ArrayList<>();
        for (int i = 0; i < READERS; i++) {
            readers.add(netloop("extract", "--no-cache", site, at("copy" + i).toString()));
        }
        for (int i = 0; i < READERS; i++) {
            readers.get(i).end().well();
            assertSame(image, at("copy" + i));
        }
        List<String> blocks =
                distant.answers().stream()
                        .map(Nginx.Answer::path)
                        .filter(path -> path.startsWith("/blocks/"))
                        .toList();
        assertThat(blocks).hasSizeGreaterThan(40).doesNotHaveDuplicates();

        distant.kill();
        String block = blocks.getFirst().substring(1);
        assertThat(status(URI.create(site + block))).isEqualTo(200);
        assertThat(status(URI.create(site + "packs/ab/pack"))).isEqualTo(404);
        assertThat(service.terminate().end(WITHIN).exit()).isZero();
    }

    private static int status(URI uri) throws IOException {
        HttpURLConnection asked = (HttpURLConnection) uri.toURL().openConnection();
        try {
            return asked.getResponseCode();
        } finally {
            asked.disconnect();
        }
    }
}
