package org.netloop.itest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.netloop.tck.FakeMirror;
import org.netloop.tck.Fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Mirrors that die and mirrors that lie. */
final class FaultsTest extends RuntimeTest {
    private static final Duration WITHIN = Duration.ofSeconds(120);
    private static final String SLOW = "limit_rate 1m; ";
    private static final int PATIENCE = 5;

    /** A reader that hangs would do so for ever. */
    private static final int HANGS = 60;

    /** Faults of the mirror in these tests. */
    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {
                "NOT_FOUND",
                "SERVER_ERROR",
                "WRONG_BYTES",
                "TRUNCATED",
                "ENDLESS",
                "REDIRECT_LOOP",
                "SILENT"
            })
    @Retention(RetentionPolicy.RUNTIME)
    @interface EachFault {}

    private FakeMirror bad = open();

    private static FakeMirror open() {
        try {
            return new FakeMirror();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterEach
    void closeTheMirror() throws IOException {
        bad.close();
    }

    private static Path image() throws IOException, InterruptedException {
        return Images.random(16);
    }

    private void offerEverything() throws IOException, InterruptedException {
        Path repository = repository(image());
        List<Path> files;
        try (Stream<Path> found = Files.walk(repository)) {
            files = found.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            bad.put(repository.relativize(file).toString(), Files.readAllBytes(file));
        }
    }

    /** Serves so slowly that most is still to be read when some of it is. */
    private Nginx slow(Path repository) throws IOException {
        int port = Ports.free();
        String configuration = Nginx.configuration(at("slow"), repository, port);
        return kept(Nginx.start(at("slow"), configuration.replace("sendfile on;", SLOW), port));
    }

    @Test
    void readsGoOnWhenTheWebServerIsKilledAndComesBack() throws IOException, InterruptedException {
        Path image = Images.random(64);
        Nginx server = slow(repository(image));
        mount(server.uri(), at("mnt"), "--no-cache", "--patience", "60");
        Program reader = start("dd", "if=" + at("mnt/root.img"), "of=" + at("copy"), "bs=64K");
        Await.until("some of it is read", WITHIN, () -> server.roughCount() > 30);
        server.kill();
        Await.until(
                "the status tells of the mirror",
                WITHIN,
                () ->
                        Files.readString(at("mnt/root.status"))
                                .contains("netloop_mirror_last_failure{"));
        assertThat(reader.isAlive()).as("the reader waits").isTrue();
        server.restart();
        reader.end().well();
        assertSame(image, at("copy"));
        assertThat(Files.readString(at("mnt/root.status")))
                .contains("netloop_volume_failed_reads{volume=\"root\"} 0");
    }

    @EachFault
    void withASecondGoodMirrorEveryReadSucceeds(Fault fault)
            throws IOException, InterruptedException {
        offerEverything();
        bad.fault(fault);
        Nginx good = published(image());
        netloop(
                        "extract",
                        "--no-cache",
                        "--patience",
                        String.valueOf(PATIENCE),
                        "--mirror",
                        good.uri(),
                        bad.base().toString(),
                        at("copy").toString())
                .end()
                .well();
        assertSame(image(), at("copy"));
        assertThat(bad.requests()).isNotEmpty();
    }

    @EachFault
    void withoutOneTheReaderGetsAnErrorInTimeAndTheDeviceRecovers(Fault fault)
            throws IOException, InterruptedException {
        offerEverything();
        mount(
                bad.base().toString(),
                at("mnt"),
                "--no-cache",
                "--patience",
                String.valueOf(PATIENCE));
        bad.fault(fault);
        String[] read = {
            "dd", "if=" + at("mnt/root.img"), "of=" + at("copy"), "bs=4K", "skip=2560", "count=1"
        };
        Program.Ended failed = start(concat("timeout", String.valueOf(HANGS), read)).end();
        assertThat(failed.exit()).as("%s", failed).isEqualTo(1);
        assertThat(failed.err()).contains("Input/output error");
        assertThat(failuresIn(Files.readString(at("mnt/root.status"))))
                .contains("block at 10485760 ")
                .contains("sha256:")
                .contains(bad.base().toString());

        bad.clearFaults();
        Await.until("reads work again", WITHIN, () -> succeeds(read));
        run("cmp", "-n", "4096", "-i", "10485760:0", image().toString(), at("copy").toString());
        assertSame(image(), at("mnt/root.img"));
    }

    private boolean succeeds(String... command) throws IOException {
        try {
            return start(command).end().exit() == 0;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static String failuresIn(String status) {
        return String.join(
                "\n",
                status.lines().filter(line -> line.startsWith("netloop_volume_failure{")).toList());
    }

    private static String[] concat(String program, String argument, String... rest) {
        return Stream.concat(Stream.of(program, argument), Stream.of(rest)).toArray(String[]::new);
    }
}
