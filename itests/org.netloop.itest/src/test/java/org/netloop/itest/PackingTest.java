package org.netloop.itest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;

/** Images as people have them, made by other programs and packed as what is inside. */
final class PackingTest extends RuntimeTest {
    private Path image = Path.of("");

    @BeforeEach
    void makeTheImage() throws IOException, InterruptedException {
        image = Images.small();
    }

    /** The image, compressed by that program with its options. */
    private Path compressed(String program) throws IOException, InterruptedException {
        Path file = at("compressed.file");
        run("sh", "-c", program + " -c '" + image + "' > '" + file + "'");
        return file;
    }

    private Path qcow2(String option, String... more) throws IOException, InterruptedException {
        Path file = at("disk.file");
        String[] begin = {"qemu-img", "convert", "-f", "raw", "-O", "qcow2", "-o", option};
        String[] command = Arrays.copyOf(begin, begin.length + more.length + 2);
        System.arraycopy(more, 0, command, begin.length, more.length);
        command[command.length - 2] = image.toString();
        command[command.length - 1] = file.toString();
        run(command);
        return file;
    }

    /** The digest of what the image itself is packed as. */
    private String packedRaw() throws IOException, InterruptedException {
        Path channel = repository(image).resolve("channels/stable.json");
        return digestIn(Files.readString(channel));
    }

    /** The digest of what a file is packed as. */
    private String packed(Path file) throws IOException, InterruptedException {
        return pack(file, at("repo"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"xz -1 -T2", "gzip -1", "zstd -1", "bzip2 -1"})
    void aCompressedImageIsPackedAsTheRawOne(String program)
            throws IOException, InterruptedException {
        Path file = compressed(program);
        String raw = packedRaw();
        assertThat(packed(file)).isEqualTo(raw);
        Program piped = netloop(Map.of(), file, "pack", "-", at("repo").toString());
        String out = piped.end().well().out();
        assertThat(out).contains(raw);
        netloop("extract", "--no-cache", at("repo").toString(), at("copy").toString()).end().well();
        assertSame(image, at("copy"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"xz -1", "gzip -1", "zstd -1", "bzip2 -1"})
    void aFileCutShortPublishesNothing(String program) throws IOException, InterruptedException {
        Path cut = compressed(program);
        run("truncate", "-s", String.valueOf(Files.size(cut) / 2), cut.toString());
        Program.Ended ended = netloop("pack", cut.toString(), at("repo").toString()).end();
        assertThat(ended.exit()).isEqualTo(1);
        assertThat(ended.err()).contains("cannot be read on").doesNotContain("\tat ");
        assertThat(at("repo/channels")).doesNotExist();
        assertThat(at("repo/images")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"compat=0.10", "compression_type=zlib", "compression_type=zstd"})
    void aQcow2ImageIsPackedAsTheRawOne(String option) throws IOException, InterruptedException {
        Path file = option.startsWith("compat") ? qcow2(option) : qcow2(option, "-c");
        assertThat(packed(file)).isEqualTo(packedRaw());
    }

    @ParameterizedTest
    @ValueSource(strings = {"everything", "everything,format-idx-md5"})
    void thePapersLayoutNeedsNoFurtherOptions(String features)
            throws IOException, InterruptedException {
        Map<String, String> environment = Map.of("NETLOOP_FEATURES", features);
        Path nothing = Path.of("/dev/null");
        String repository = at("repo").toString();
        netloop(environment, nothing, "pack", "--format", "idx", image.toString(), repository)
                .end()
                .well();
        String digits = features.contains("md5") ? "[0-9a-f]{32}" : "[0-9a-f]{64}";
        try (Stream<Path> files = Files.list(at("repo"))) {
            assertThat(
                            files.filter(Files::isRegularFile)
                                    .map(file -> file.getFileName().toString()))
                    .filteredOn(name -> !name.contains("."))
                    .isNotEmpty()
                    .allMatch(name -> name.matches(digits));
        }
        String told = netloop(environment, nothing, "inspect", repository).end().well().out();
        assertThat(told).contains("zlib");
        String copy = at("copy").toString();
        netloop(environment, nothing, "extract", "--no-cache", repository, copy).end().well();
        assertSame(image, at("copy"));
    }

    @Test
    void aCloopFileIsExtractedByTheProgramOfDebian() throws IOException, InterruptedException {
        Path file = at("disk.cloop");
        netloop("pack", "--format", "cloop", image.toString(), file.toString()).end().well();
        run("extract_compressed_fs", file.toString(), at("copy").toString());
        long size = Files.size(image);
        run("cmp", "-n", String.valueOf(size), image.toString(), at("copy").toString());
        netloop("extract", "--no-cache", file.toString(), at("again").toString()).end().well();
        assertSame(at("copy"), at("again"));
        try (Stream<Path> files = Files.list(at("."))) {
            assertThat(files.map(path -> path.getFileName().toString()))
                    .noneMatch(name -> name.endsWith(".part"));
        }
    }

    @Test
    void whatIsMissingIsNamedByItsFeature() throws IOException, InterruptedException {
        for (Map.Entry<Path, String> one :
                Map.of(compressed("xz -0"), "codec-xz", qcow2("compat=1.1"), "format-qcow2")
                        .entrySet()) {
            Program.Ended ended =
                    netloop(
                                    Map.of("NETLOOP_FEATURES", "publisher"),
                                    Path.of("/dev/null"),
                                    "pack",
                                    one.getKey().toString(),
                                    at("repo").toString())
                            .end();
            assertThat(ended.exit()).isEqualTo(1);
            assertThat(ended.err()).contains("install the feature " + one.getValue());
        }
    }
}
