package org.netloop.itest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/**
 * One image through every format, transport and codec that makes sense, compared by {@code qemu-img
 * compare}: from files over NBD, over HTTP through FUSE, where the loop device of the kernel and
 * {@code diff -r} read it as well. Prints a table.
 *
 * <p>The system property {@code netloop.itest.image} names another image, with a file system that
 * the kernel mounts; {@code netloop.itest.forms} chooses among the rows ({@code netloop/zstd,raw}).
 */
final class TableTest extends RuntimeTest {
    private static final List<String> ROWS = Collections.synchronizedList(new ArrayList<>());

    private Path image = Path.of("");

    /**
     * A way an image is stored: each format and each codec at least once. Not {@code lz4}, whose
     * encoder takes minutes for a few mebibytes: its decoder is tested beside it.
     */
    static Stream<String> forms() {
        List<String> all =
                List.of(
                        "netloop/none",
                        "netloop/zlib",
                        "netloop/zstd",
                        "netloop/bzip2",
                        "netloop/deflate",
                        "idx/zlib",
                        "idx/xz",
                        "cloop/zlib",
                        "cloop by netloop/zlib",
                        "qcow2/zlib",
                        "qcow2/zstd",
                        "caibx/gzip",
                        "caibx by netloop/zstd",
                        "raw/none");
        String chosen = System.getProperty("netloop.itest.forms", "");
        return chosen.isEmpty() ? all.stream() : Arrays.stream(chosen.split(","));
    }

    @BeforeEach
    void takeTheImage() throws IOException, InterruptedException {
        String asked = System.getProperty("netloop.itest.image", "");
        image = asked.isEmpty() ? Images.small() : Path.of(asked).toRealPath();
    }

    @AfterAll
    static void print() {
        System.out.println(
                "| format | codec | made by | stored MB | s | from files over NBD | s"
                        + " | over HTTP through FUSE | s |");
        System.out.println("|---|---|---|---|---|---|---|---|---|");
        ROWS.forEach(System.out::println);
    }

    @ParameterizedTest
    @MethodSource("forms")
    void itIsReadBackByEveryTransport(String form) throws IOException, InterruptedException {
        String format = form.substring(0, form.indexOf('/'));
        String codec = form.substring(form.indexOf('/') + 1);
        Path place = directory("www");
        long begin = System.nanoTime();
        Path made = make(format, codec, place);
        String making = seconds(begin);
        String stored = run("du", "-s", "--block-size=1000", place.toString()).out().split("\t")[0];
        String overNbd = compare(made.toString());
        String throughFuse = diff(nginx(place).uri() + place.relativize(made));
        ROWS.add(
                "| %s | %s | %s | %.1f | %s | %s | %s |"
                        .formatted(
                                format,
                                codec,
                                maker(format),
                                Long.parseLong(stored) / 1e3,
                                making,
                                overNbd,
                                throughFuse));
    }

    private static String seconds(long begin) {
        return "%.1f".formatted((System.nanoTime() - begin) / 1e9);
    }

    private static String maker(String format) {
        return switch (format) {
            case "netloop", "idx", "cloop by netloop", "caibx by netloop" -> "netloop pack";
            case "cloop" -> "create_compressed_fs";
            case "qcow2" -> "qemu-img convert";
            case "caibx" -> "casync make";
            default -> "cp";
        };
    }

    /** Makes it; returns what a reference names. */
    private Path make(String format, String codec, Path place)
            throws IOException, InterruptedException {
        Path file = place.resolve("disk." + format.replace(' ', '-'));
        String from = image.toString();
        String to = file.toString();
        switch (format) {
            case "netloop", "idx" -> {
                String[] pack = {"pack", "--format", format, "--codec", codec, from};
                netloop(with(pack, place.toString())).end().well();
                return place;
            }
            case "cloop by netloop" -> netloop("pack", "--format", "cloop", from, to).end().well();
            case "caibx by netloop" -> netloop("pack", "--format", "caibx", from, to).end().well();
            case "cloop" -> run("create_compressed_fs", "-q", "-L", "1", "-B", "65536", from, to);
            case "qcow2" -> {
                String[] convert = {"qemu-img", "convert", "-f", "raw", "-O", "qcow2"};
                run(
                        with(
                                codec.equals("none")
                                        ? convert
                                        : with(convert, "-c", "-o", "compression_type=" + codec),
                                from,
                                to));
            }
            case "caibx" ->
                    run(
                            "casync",
                            "make",
                            "--compression=" + codec,
                            "--store=" + place.resolve("default.castr"),
                            to,
                            from);
            default -> run("cp", "--sparse=always", from, to);
        }
        return file;
    }

    private static String[] with(String[] command, String... more) {
        return Stream.concat(Arrays.stream(command), Arrays.stream(more)).toArray(String[]::new);
    }

    private String compare(String reference) throws IOException, InterruptedException {
        Path socket = at("socket");
        Program server = serve(reference, socket, "--no-cache");
        long begin = System.nanoTime();
        identical(
                "json:{\"driver\":\"raw\",\"file\":{\"driver\":\"nbd\",\"export\":\"root\","
                        + "\"server\":{\"type\":\"unix\",\"path\":\""
                        + socket
                        + "\"}}}");
        String took = seconds(begin);
        assertThat(server.terminate().end().exit()).isZero();
        return "identical | " + took;
    }

    private void identical(String other) throws IOException, InterruptedException {
        Program.Ended compared = run("qemu-img", "compare", "-f", "raw", image.toString(), other);
        assertThat(compared.out()).contains("identical");
    }

    private String diff(String reference) throws IOException, InterruptedException {
        Path original = directory("original");
        run("mount", "-o", "loop,ro", image.toString(), original.toString());
        Path place = at("mnt");
        Program mount = mount(reference, place, "--loop", "--no-cache");
        long begin = System.nanoTime();
        run(
                "diff",
                "-r",
                "--no-dereference",
                original.toString(),
                place.resolve("root").toString());
        identical(place.resolve("root.img").toString());
        String took = seconds(begin);
        run("umount", original.toString());
        assertThat(mount.terminate().end().exit()).isZero();
        assertThat(Files.exists(place.resolve("root.img"))).isFalse();
        return "same files, identical | " + took;
    }
}
