package org.netloop.itest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Real clients of NBD against {@code netloop serve}. */
final class NbdClientsTest extends RuntimeTest {
    private Path image = Path.of("");
    private Path socket = Path.of("");

    @BeforeEach
    void serveTheImage() throws IOException, InterruptedException {
        image = Images.of("ext4");
        socket = at("socket");
        serve(published(image).uri(), socket, "--cache", at("cache").toString());
    }

    /** Runs a program that must say nothing against the server. */
    private Program.Ended quietly(String... command) throws IOException, InterruptedException {
        Program.Ended ended = run(command);
        assertThat(ended.err()).isEmpty();
        return ended;
    }

    @Test
    void nbdcopyReadsTheSameBytes() throws IOException, InterruptedException {
        quietly("nbdcopy", nbd(socket), at("copy").toString());
        assertSame(image, at("copy"));
    }

    @Test
    void qemuFindsTheImagesIdentical() throws IOException, InterruptedException {
        String remote =
                "json:{\"driver\":\"raw\",\"file\":{\"driver\":\"nbd\",\"export\":\"root\","
                        + "\"server\":{\"type\":\"unix\",\"path\":\""
                        + socket
                        + "\"}}}";
        assertThat(quietly("qemu-img", "compare", image.toString(), remote).out())
                .contains("identical");
        assertThat(quietly("qemu-img", "map", "--output=json", remote).out())
                .contains("\"data\": true");
    }

    @Test
    void nbdinfoReportsHolesAsSuch() throws IOException, InterruptedException {
        String map = quietly("nbdinfo", "--map", nbd(socket)).out();
        assertThat(map).containsPattern(Pattern.compile("(?m) 3 +hole,zero$"));
        assertThat(map).containsPattern(Pattern.compile("(?m) 0 +data$"));
        assertThat(quietly("nbdinfo", "--list", "nbd+unix:///?socket=" + socket).out())
                .contains("export=\"root\"")
                .contains("is_read_only: true")
                .contains("can_multi_conn: true");
    }

    @Test
    void eightConnectionsReadTheSameBytesAtOnce() throws IOException, InterruptedException {
        quietly("nbdcopy", "--connections=8", "--threads=2", nbd(socket), at("copy").toString());
        assertSame(image, at("copy"));
        assertThat(quietly("nbdsh", "-c", RandomReads.script(nbd(socket), image, 8, 200)).out())
                .contains("right: 1600");
    }

    @Test
    void fioReadsWithFourJobs() throws IOException, InterruptedException {
        Program.Ended fio =
                quietly(
                        "fio",
                        "--name=read",
                        "--ioengine=nbd",
                        "--uri=" + nbd(socket),
                        "--rw=randread",
                        "--bs=4k",
                        "--iodepth=16",
                        "--numjobs=4",
                        "--io_size=8m",
                        "--group_reporting",
                        "--output-format=terse");
        assertThat(fio.out()).contains(";read;0;0;");
    }

    @Test
    void fioFindsEveryBlockItOnceWrote() throws IOException, InterruptedException {
        Path pattern = at("pattern.img");
        run(
                "fio",
                "--name=verify",
                "--filename=" + pattern,
                "--size=48m",
                "--rw=write",
                "--bs=4k",
                "--verify=crc32c",
                "--do_verify=0");
        pack(pattern, at("pattern"));
        Path other = at("other");
        serve(at("pattern").toString(), other, "--no-cache");
        quietly(
                "fio",
                "--name=verify",
                "--ioengine=nbd",
                "--uri=" + nbd(other),
                "--size=48m",
                "--rw=read",
                "--bs=4k",
                "--iodepth=32",
                "--verify=crc32c",
                "--verify_fatal=1");
    }

    @Test
    void anExportOfAnotherNameIsRefused() throws IOException, InterruptedException {
        Program.Ended refused = start("nbdinfo", "nbd+unix:///nobody?socket=" + socket).end();
        assertThat(refused.exit()).isNotZero();
        quietly("nbdinfo", "--size", nbd(socket));
    }

    /** Spaces, and what has a meaning in URIs, in the socket's path and the export's name. */
    @Test
    void printedAddressesAreTakenAsTheyAre() throws IOException, InterruptedException {
        Path odd = directory("a b&c=d").resolve("s+1.sock");
        String name = "hello w\u00f6rld?#%2";
        Program server =
                netloop(
                                "serve",
                                "--no-cache",
                                "--json",
                                "--nbd",
                                "unix:" + odd,
                                "--export",
                                name,
                                published(image).uri())
                        .awaitOutput("address");
        Matcher address = Pattern.compile("\"address\": ?\"([^\"]+)\"").matcher(server.out());
        assertThat(address.find()).isTrue();
        String uri = address.group(1);
        assertThat(quietly("nbdinfo", "--size", uri).out()).contains("" + Files.size(image));
        assertThat(quietly("qemu-img", "info", uri).out()).contains("virtual size");
        assertThat(quietly("nbdinfo", "--list", uri).out()).contains(name);
    }
}
