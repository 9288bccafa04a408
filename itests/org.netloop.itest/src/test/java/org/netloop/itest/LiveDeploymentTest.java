package org.netloop.itest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.netloop.tck.Machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A running deployment that is changed while it is read. */
final class LiveDeploymentTest extends RuntimeTest {
    private static final Path BENCH = Path.of("../bench/swap/swap").toAbsolutePath().normalize();

    /** The same program runs for longer by hand: see itests/bench/swap. */
    @Test
    void everyPartIsReplacedUnderLoadWithoutAnErrorOrAWrongByte()
            throws IOException, InterruptedException {
        Program.Ended ended =
                start(
                                BENCH.toString(),
                                "--runtime",
                                runtime().toString(),
                                "--updates",
                                "2",
                                "--replacements",
                                "2",
                                "--edits",
                                "2",
                                "--restarts",
                                "1",
                                "--mib",
                                "16")
                        .runFor(Duration.ofMinutes(8))
                        .end();
        assertThat(ended.exit()).as("%s", ended).isZero();
        assertThat(ended.out()).doesNotContain("TAKEN");
    }

    @Test
    void anEditedFileIsInForceAndAWrongOneIsRefusedAsAWhole()
            throws IOException, InterruptedException {
        Path image = Images.of("squashfs");
        Machine.needsFuse();
        Nginx first = published(image);
        Nginx second = published(image);
        Path file = directory("conf").resolve("root.json");
        Files.writeString(file, configuration(first.uri(), 20_000));
        Program service = netloop("run", at("conf").toString(), "--state", at("state").toString());
        Path mounted = at("mnt/root.img");
        Await.until("it is mounted", Duration.ofSeconds(120), () -> Files.exists(mounted));

        Files.writeString(file, configuration("gopher://nowhere/", 20_000));
        awaitLog(service, "no transport reads gopher://nowhere/");
        Files.writeString(file, configuration(first.uri(), -5));
        awaitLog(service, "root.json:5: org.netloop.volume~root/patience.ms: it is -5");
        assertThat(netloop("config", "check", at("conf").toString()).end().exit()).isEqualTo(1);
        assertThat(ask("volume", "ls").well().out()).contains("the files are refused");

        Files.writeString(file, configuration(second.uri(), 20_000));
        awaitLog(service, "the configuration of org.netloop.volume~root is in force");
        first.kill();
        assertSame(image, mounted);
        assertThat(ask("mirror", "ls").well().out())
                .contains(second.uri())
                .doesNotContain(first.uri());
        assertNoMeasureHasASecret();
        assertThat(Files.getPosixFilePermissions(at("state/control.sock"))).hasSize(2);
        assertThat(service.terminate().end().exit()).isZero();
        assertThat(at("state/control.sock")).doesNotExist();
    }

    /**
     * Asserts that no reader of measures shows a secret: tables, JSON, the status file, and the
     * answer of any verb.
     */
    private void assertNoMeasureHasASecret() throws IOException, InterruptedException {
        String password = "hunter2-is-secret";
        ask("mirror", "add", "root", "http://me:" + password + "@127.0.0.1:1/?token=" + password)
                .well();
        for (String[] what :
                List.of(
                        new String[] {"volume", "ls", "--json"},
                        new String[] {"status", "--measures"},
                        new String[] {"ask", "status", "--json"})) {
            assertThat(ask(what).well().out())
                    .contains("netloop_volume_size_bytes", "http://127.0.0.1:1/")
                    .doesNotContain(password);
        }
        assertThat(Files.readString(at("mnt/root.status")))
                .contains("netloop_mirror_condition", "http://127.0.0.1:1/")
                .doesNotContain(password);
    }

    private static void awaitLog(Program service, String text) throws IOException {
        Await.until(
                "the log says '" + text + "': " + service.err(),
                Duration.ofSeconds(120),
                () -> service.err().contains(text));
    }

    private Program.Ended ask(String... what) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(what));
        arguments.addAll(List.of("--state", at("state").toString()));
        return netloop(arguments.toArray(String[]::new)).end();
    }

    private String configuration(String reference, int patience) {
        return """
        {
          "org.netloop.volume~root": {
            "name": "root",
            "reference": "REF",
            "patience.ms": PATIENCE
          },
          "org.netloop.attachment~root-fuse":
            {"volume": "root", "frontend": "fuse", "place": "MOUNT"},
          "org.netloop.cache.disk": {"directory": "CACHE", "budget.mib": 100}
        }
        """
                .replace("REF", reference)
                .replace("PATIENCE", String.valueOf(patience))
                .replace("MOUNT", at("mnt").toString())
                .replace("CACHE", at("cache").toString());
    }
}
