package org.netloop.itest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Profiles: recorded in a running deployment, and published with an image. */
final class ProfileTest extends RuntimeTest {
    private static final Duration WITHIN = Duration.ofSeconds(120);

    /** Size of the image in MiB: three quarters of it are not holes. */
    private static final int MEBIBYTES = 16;

    @Test
    void aLiveVolumeIsRecordedOverAnUpdateOfItsEngineAndThePackFollows()
            throws IOException, InterruptedException {
        Path image = Images.random(MEBIBYTES);
        pack(image, at("repo"));
        Path socket = at("socket");
        Files.writeString(directory("conf").resolve("root.json"), configuration(socket));
        Program service = netloop("run", at("conf").toString(), "--state", at("state").toString());
        Await.until("the export is there", WITHIN, () -> Files.exists(socket));
        Program recording = record("boot.json").awaitOutput("volume root is being recorded");
        assertThat(record("other.json").end().err()).contains("is being recorded already");

        read(socket, 0, 6);
        // Of the next two blocks one was read before, by a volume that has left.
        updateEngine();
        read(socket, 5, 2);
        Program.Ended ended = recording.terminate().end();
        assertThat(ended.exit()).as("%s", ended).isZero();
        assertThat(ended.out()).contains("recorded 7 blocks, " + 7 * (256 << 10) + " bytes");
        assertThat(service.terminate().end().exit()).isZero();

        Program.Ended packed =
                netloop(
                                "pack",
                                "--profile",
                                at("boot.json").toString(),
                                "--profile-pack",
                                changed(image).toString(),
                                at("repo").toString())
                        .end()
                        .well();
        assertThat(packed.out())
                .contains("6 blocks lie where they lay, 0 moved, 1 changed")
                .contains("profile  profiles/");
        serve(at("repo").toString(), at("again"), "--no-cache");
        assertSameBlocks(at("changed.img"), at("again"));
    }

    private Program record(String file) throws IOException {
        return netloop(
                "profile",
                "record",
                "root",
                "--out",
                at(file).toString(),
                "--state",
                at("state").toString());
    }

    private void updateEngine() throws IOException, InterruptedException {
        Path jar = runtime().resolve("bundles");
        Path engine;
        try (var files = Files.list(jar)) {
            engine =
                    files.filter(f -> f.getFileName().toString().contains("netloop.engine-"))
                            .findFirst()
                            .orElseThrow();
        }
        netloop("bundle", "update", engine.toString(), "--state", at("state").toString())
                .end()
                .well();
    }

    /** Reads some blocks. */
    private void read(Path socket, int first, int count) throws IOException, InterruptedException {
        String commands =
                "h.pread(%d, %d)".formatted(count * (256 << 10), (long) first * (256 << 10));
        run("nbdsh", "-u", nbd(socket), "-c", commands);
    }

    private Path changed(Path image) throws IOException {
        byte[] bytes = Files.readAllBytes(image);
        bytes[3 * (256 << 10)] ^= 1;
        return Files.write(at("changed.img"), bytes);
    }

    private void assertSameBlocks(Path image, Path socket)
            throws IOException, InterruptedException {
        run("nbdcopy", nbd(socket), at("copy").toString());
        assertSame(image, at("copy"));
    }

    private String configuration(Path socket) {
        return """
        {
          "org.netloop.volume~root":
            {"name": "root", "reference": "REPO", "prefetch": "none"},
          "org.netloop.attachment~root":
            {"volume": "root", "frontend": "nbd", "place": "unix:SOCKET"}
        }
        """
                .replace("REPO", at("repo").toString())
                .replace("SOCKET", socket.toString());
    }
}
