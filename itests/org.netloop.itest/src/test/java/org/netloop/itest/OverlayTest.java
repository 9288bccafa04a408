package org.netloop.itest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A volume that is made writable, by real clients and file systems. */
final class OverlayTest extends RuntimeTest {
    private String io(String... commands) throws IOException, InterruptedException {
        return ioOf(nbd(at("nbd.sock")), commands);
    }

    private String ioOf(String image, String... commands) throws IOException, InterruptedException {
        String[] command = new String[3 + 2 * commands.length + 1];
        command[0] = "qemu-io";
        command[1] = "-f";
        command[2] = "raw";
        for (int i = 0; i < commands.length; i++) {
            command[3 + 2 * i] = "-c";
            command[4 + 2 * i] = commands[i];
        }
        command[command.length - 1] = image;
        return run(command).out();
    }

    @Test
    void whatWasFlushedSurvivesAKillAndTheImageStaysAsItWas() throws Exception {
        Path image = Images.random(16);
        pack(image, at("repo"));
        String repo = at("repo").toString();
        String changes = at("changes").toString();
        Program first = serve(repo, at("nbd.sock"), "--overlay", changes);
        io("write -P 0x5a 1M 64k", "write -z 3M 128k", "discard 5M 1M", "flush");
        first.kill();

        Program second = serve(repo, at("nbd.sock"), "--overlay", changes);
        assertThat(io("read -P 0x5a 1M 64k", "read -P 0 3M 128k"))
                .doesNotContain("verification failed");
        assertThat(
                        netloop("serve", repo, "--nbd", "unix:" + at("other"), "--overlay", changes)
                                .end())
                .matches(ended -> ended.exit() != 0, "a second user is refused");
        second.terminate().end().well();

        serve(repo, at("nbd.sock"));
        run("qemu-img", "compare", image.toString(), nbd(at("nbd.sock")));
    }

    @Test
    void nbdinfoTellsBaseFromOverlay() throws Exception {
        pack(Images.random(16), at("repo"));
        serve(at("repo").toString(), at("nbd.sock"), "--overlay", "memory");
        io("write -P 0x5a 1M 64k", "write -z -u 3M 128k");
        String map = run("nbdinfo", "--map=netloop:overlay", nbd(at("nbd.sock"))).out();
        List<String> extents = map.lines().map(line -> line.strip().replaceAll(" +", " ")).toList();
        assertThat(extents)
                .containsExactly(
                        "0 1048576 0",
                        "1048576 65536 1",
                        "1114112 2031616 0",
                        "3145728 131072 1",
                        "3276800 13500416 0");
    }

    @Test
    void anOverlayOfAnotherImageIsRefused() throws Exception {
        pack(Images.random(16), at("repo"));
        String changes = at("changes").toString();
        serve(at("repo").toString(), at("nbd.sock"), "--overlay", changes).terminate().end().well();
        pack(Images.small(), at("other"));
        Program.Ended ended =
                netloop(
                                "serve",
                                at("other").toString(),
                                "--nbd",
                                "unix:" + at("nbd.sock"),
                                "--overlay",
                                changes)
                        .end();
        assertThat(ended.exit()).isEqualTo(1);
        assertThat(ended.err()).contains(changes);
    }

    @Test
    void imageAndOverlayArePublishedWhileTheyAreServedAndAfterwards() throws Exception {
        Path image = Images.random(16);
        pack(image, at("repo"));
        Path expected = Files.copy(image, at("expected.img"));
        String state = directory("state").toString();
        Program service = netloop("run", "--state", state, deployment().toString());
        Await.until(
                "it is attached: " + service.err(),
                Duration.ofSeconds(120),
                () -> Files.exists(at("nbd.sock")));
        write(expected, "write -P 0x5a 1M 64k", "write -z 3M 128k", "flush");
        String repo = at("repo").toString();
        netloop("overlay", "commit", "--live", "root", "--state", state, repo, "--channel", "live")
                .end()
                .well();
        assertPublished("live", expected);

        write(expected, "write -P 0xa5 1028k 4k", "write -P 0x77 9M 8k", "flush");
        assertThat(service.terminate().end().exit()).isZero();
        String changes = at("changes").toString();
        netloop("overlay", "commit", changes, repo, "--channel", "stopped").end().well();
        assertPublished("stopped", expected);
        assertThat(at("changes"))
                .isDirectoryContaining("glob:**.log")
                .isDirectoryNotContaining("glob:**.snapshot");
    }

    /** A deployment of the repository, with an overlay at the socket. */
    private Path deployment() throws IOException {
        Path file = directory("conf").resolve("root.json");
        Files.writeString(
                file,
                """
                {
                  "org.netloop.volume~below": {"name": "below", "reference": "REF"},
                  "org.netloop.overlay~root":
                    {"name": "root", "volume": "below", "directory": "CHANGES"},
                  "org.netloop.attachment~nbd":
                    {"volume": "root", "frontend": "nbd", "place": "unix:PLACE"}
                }
                """
                        .replace("REF", at("repo").toUri().toString())
                        .replace("CHANGES", at("changes").toString())
                        .replace("PLACE", at("nbd.sock").toString()));
        return at("conf");
    }

    /** Writes the same to the overlay and to a file. */
    private void write(Path expected, String... commands) throws Exception {
        assertThat(io(commands)).doesNotContain("failed");
        assertThat(ioOf(expected.toString(), commands)).doesNotContain("failed");
    }

    private void assertPublished(String channel, Path expected) throws Exception {
        Path socket = at(channel + ".sock");
        serve(at("repo") + "#" + channel, socket);
        run("qemu-img", "compare", "-f", "raw", "-F", "raw", expected.toString(), nbd(socket));
    }

    @Test
    void aFileSystemIsWrittenThroughFuseAndALoopDevice() throws Exception {
        pack(Images.small(), at("repo"));
        directory("mnt");
        Program program =
                mount(at("repo").toString(), at("mnt"), "--overlay", at("changes").toString());
        Path file = at("mnt/root.img");
        directory("tree");
        run("mount", "-o", "loop", file.toString(), at("tree").toString());
        Files.writeString(at("tree/written"), "by the kernel");
        Files.createSymbolicLink(directory("tree/more/below").resolve("link"), Path.of("../.."));
        Files.write(at("tree/more/much"), new byte[3 << 20]);
        run("umount", at("tree").toString());
        run("e2fsck", "-f", "-n", file.toString());
        program.terminate().end().well();

        Program again =
                mount(at("repo").toString(), at("mnt"), "--overlay", at("changes").toString());
        String expected = tree(file);
        assertThat(expected).contains("written", "more/below/link -> ../..", "more/much");
        again.terminate().end().well();

        String changes = at("changes").toString();
        String repo = at("repo").toString();
        netloop("overlay", "commit", changes, repo, "--channel", "next").end().well();
        mount(repo + "#next", directory("image"), "--no-cache");
        assertThat(tree(at("image/root.img"))).isEqualTo(expected);
    }

    /** Lists the files of a file system: owners, modes, times, links, and digests of contents. */
    private String tree(Path image) throws Exception {
        String tree = at("tree").toString();
        run("mount", "-o", "loop,ro", image.toString(), tree);
        try {
            String list =
                    "cd \"$1\" && find . -printf '%i %M %n %U:%G %s %T@ %P -> %l\\n' | sort"
                            + " && find . -type f -print0 | sort -z | xargs -0 sha256sum";
            return run("sh", "-c", list, "sh", tree).out();
        } finally {
            run("umount", tree);
        }
    }
}
