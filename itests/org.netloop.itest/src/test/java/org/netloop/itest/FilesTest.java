package org.netloop.itest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Image files of other programs, read in place from a web server. */
final class FilesTest extends RuntimeTest {
    private static final long MEBI = 1 << 20;

    /** Channel, head, end, header, list of tables, table: what there is to read before blocks. */
    private static final int TO_OPEN = 6;

    private Path image = Path.of("");
    private Nginx server;

    @BeforeEach
    void makeAndServeTheImage() throws IOException, InterruptedException {
        image = Images.of("ext4");
        Files.createDirectories(at("www"));
        server = nginx(at("www"));
    }

    /** The image in that form, below the server's root; its URI. */
    private String make(String form) throws IOException, InterruptedException {
        Path file = at("www/disk." + form);
        switch (form) {
            case "raw" -> Files.copy(image, file);
            case "cloop" ->
                    run(
                            "create_compressed_fs",
                            "-q",
                            "-L",
                            "1",
                            "-B",
                            "65536",
                            image.toString(),
                            file.toString());
            case "v2" -> qemu(file, "compat=0.10");
            case "v3" -> qemu(file, "compat=1.1");
            case "zlib" -> qemu(file, "compression_type=zlib", "-c");
            case "zstd" -> qemu(file, "compression_type=zstd", "-c");
            default -> throw new IllegalArgumentException(form);
        }
        return server.uri() + file.getFileName();
    }

    private void qemu(Path file, String option, String... more)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("qemu-img", "convert", "-O", "qcow2"));
        command.addAll(List.of(more));
        command.addAll(List.of("-f", "raw", "-o", option, image.toString(), file.toString()));
        run(command.toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(strings = {"v2", "v3", "zlib", "zstd"})
    void qemuFindsItsOwnImagesIdentical(String form) throws IOException, InterruptedException {
        Path socket = at("socket");
        serve(make(form), socket, "--no-cache");
        String remote =
                "json:{\"driver\":\"raw\",\"file\":{\"driver\":\"nbd\",\"export\":\"root\","
                        + "\"server\":{\"type\":\"unix\",\"path\":\""
                        + socket
                        + "\"}}}";
        assertThat(run("qemu-img", "compare", image.toString(), remote).out())
                .contains("identical");
    }

    @Test
    void aFileOfCreateCompressedFsIsExtracted() throws IOException, InterruptedException {
        netloop("extract", "--no-cache", make("cloop"), at("copy").toString()).end().well();
        long size = Files.size(image);
        run("cmp", "-n", String.valueOf(size), image.toString(), at("copy").toString());
        assertThat(Files.size(at("copy"))).isBetween(size, size + 65535);
    }

    @Test
    void aPlainImageIsMountedAndSaysWhatIsNotVerified() throws IOException, InterruptedException {
        Program mount = mount(make("raw"), at("mnt"), "--loop", "--no-cache");
        run(
                "diff",
                "-r",
                "--no-dereference",
                "-x",
                "lost+found",
                Images.tree().toString(),
                at("mnt/root").toString());
        assertThat(Files.readString(at("mnt/root.status"))).contains("} \"no block");
        assertThat(mount.err()).contains("verified: no block");
    }

    @ParameterizedTest
    @ValueSource(strings = {"raw", "cloop", "v3", "zstd"})
    void aMebibyteFromTheMiddleCostsLittleMore(String form)
            throws IOException, InterruptedException {
        String uri = make(form);
        Program cat =
                netloop("cat", "--no-cache", "--offset", "20971520", "--length", "1048576", uri);
        cat.end().well();
        Files.write(at("piece"), cat.bytes());
        run("cmp", "-n", "1048576", "-i", "20971520:0", image.toString(), at("piece").toString());
        List<Nginx.Answer> answers = server.answers();
        // One for all blocks, unless a table lies between two of them.
        assertThat(answers).hasSizeLessThanOrEqualTo(TO_OPEN + 3);
        assertThat(answers.stream().mapToLong(Nginx.Answer::bytes).sum())
                .isLessThan(MEBI + 512 * 1024);
    }

    @Test
    void aFileThatChangesIsNotMixedWithWhatItWas() throws IOException, InterruptedException {
        String uri = make("raw");
        Program mount = mount(uri, at("mnt"), "--no-cache");
        Files.copy(image, at("www/new"));
        // nginx tells files of one length apart by whole seconds.
        Files.setLastModifiedTime(at("www/new"), FileTime.from(Instant.now().plusSeconds(10)));
        run("mv", at("www/new").toString(), at("www/disk.raw").toString());
        Program.Ended read =
                start(
                                "dd",
                                "if=" + at("mnt/root.img"),
                                "of=/dev/null",
                                "bs=1M",
                                "count=1",
                                "skip=20",
                                "iflag=direct")
                        .end();
        assertThat(read.exit()).isNotZero();
        assertThat(mount.err()).contains("is not the file that was opened");
    }

    @Test
    void aDirectoryWithoutItsChannelIsNoImage() throws IOException, InterruptedException {
        Files.createDirectories(at("www/repo"));
        for (String end : List.of("repo", "repo/")) {
            Program.Ended ended = netloop("inspect", server.uri() + end).end();
            assertThat(ended.exit()).isEqualTo(1);
            assertThat(ended.err()).contains("channels/stable.json");
        }
    }
}
