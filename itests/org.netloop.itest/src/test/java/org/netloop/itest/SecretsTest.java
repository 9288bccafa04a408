package org.netloop.itest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Secrets are planted wherever a user may put them, and looked for wherever Netloop writes. */
final class SecretsTest extends RuntimeTest {
    private static final String PASSWORD = "hunter2secret";
    private static final String TOKEN = "TOKENabc123";
    private static final String CONFIGURATION =
            """
            {
              "org.netloop.volume~root": {
                "name": "root", "reference": "%s", "prefetch": "none",
                "mirrors": ["http://joe:%s@127.0.0.1:1/", "http://127.0.0.1:1/?sig=%s"]
              },
              "org.netloop.attachment~root":
                {"volume": "root", "frontend": "nbd", "place": "unix:%s"},
              "org.netloop.transport.http": {"authorization": ["%s bearer %s"]},
              "org.netloop.cache.disk": {"directory": "%s", "budget.mib": 100}
            }
            """;
    private static final String SIGNATURE = "QUERYSIG99";

    private static void assertHidden(String where, String text) {
        for (String secret : List.of(PASSWORD, TOKEN, SIGNATURE)) {
            assertThat(text).as(where).doesNotContain(secret);
        }
    }

    private void assertHidden(Program.Ended ended) {
        assertHidden("the output of " + ended.command(), ended.out() + ended.err());
    }

    @Test
    void aDeploymentShowsNone() throws IOException, InterruptedException {
        String uri = published(Images.of("squashfs")).uri();
        String mine = uri.replace("http://", "http://joe:" + PASSWORD + "@");
        Path place = at("root.sock");
        Files.writeString(
                directory("conf").resolve("root.json"),
                CONFIGURATION.formatted(mine, PASSWORD, SIGNATURE, place, uri, TOKEN, at("cache")));
        Program service = netloop("run", at("conf").toString(), "--state", at("state").toString());
        Await.until("it is attached", Duration.ofSeconds(120), () -> Files.exists(place));
        for (List<String> words :
                List.of(
                        List.of("volume", "ls"),
                        List.of("volume", "ls", "--json"),
                        List.of("mirror", "ls"),
                        List.of("mirror", "ls", "--json"),
                        List.of("mirror", "disable", "root", "http://127.0.0.1:1/?sig=***"),
                        List.of("bundle", "ls"))) {
            Stream<String> state = Stream.of("--state", at("state").toString());
            assertHidden(
                    netloop(Stream.concat(words.stream(), state).toArray(String[]::new)).end());
        }
        assertHidden(netloop("config", "check", at("conf").toString()).end());
        assertHidden(
                "the command line",
                Files.readString(Path.of("/proc/" + service.pid() + "/cmdline")));
        service.terminate().end();
        assertHidden("the log", service.out() + service.err());
        for (Path kept : List.of(at("state"), at("cache"))) {
            assertNoFileHolds(kept);
        }
    }

    private static void assertNoFileHolds(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.toList()) {
                assertHidden("the name of a file", file.toString());
                if (file.startsWith(directory.resolve("deployment/config"))) {
                    // Former configurations hold what the files hold, and go back into them.
                    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .matches("rw[x-]------");
                } else if (Files.isRegularFile(file)) {
                    byte[] bytes = Files.readAllBytes(file);
                    assertHidden(file.toString(), new String(bytes, StandardCharsets.ISO_8859_1));
                }
            }
        }
    }

    @Test
    void whatCannotBeOpenedShowsNone() throws IOException, InterruptedException {
        for (String reference :
                List.of(
                        "http://joe:" + PASSWORD + "@127.0.0.1:1/",
                        "http://joe:" + PASSWORD + "@127.0.0.1:99999/x",
                        "http://joe:" + PASSWORD + " 1@127.0.0.1/",
                        "s3://key:" + PASSWORD + "@bucket/x",
                        "ftp://joe:" + PASSWORD + "@host/",
                        "http://127.0.0.1:1/?X-Amz-Signature=" + SIGNATURE)) {
            Program.Ended ended = netloop("cat", reference, "--patience", "1").end();
            assertThat(ended.exit()).as(ended.toString()).isNotZero();
            assertHidden(
                    "the output of cat " + reference.replace(PASSWORD, "…"),
                    ended.out() + ended.err());
        }
    }
}
