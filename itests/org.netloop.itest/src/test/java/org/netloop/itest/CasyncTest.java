package org.netloop.itest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Checks that images made by {@code casync make} are read, and that {@code casync extract} reads
 * what is written.
 */
final class CasyncTest extends RuntimeTest {
    private static final long MEBI = 1 << 20;
    private static final String CHUNK = ".cacnk";

    private Path image = Path.of("");
    private Nginx server;

    @BeforeEach
    void serveADirectory() throws IOException, InterruptedException {
        image = Images.of("ext4");
        server = nginx(directory("www"));
    }

    private void casync(String store, String compression, String digest)
            throws IOException, InterruptedException {
        run(
                "casync",
                "make",
                "--compression=" + compression,
                "--digest=" + digest,
                "--store=" + at("www/" + store),
                at("www/disk.caibx").toString(),
                image.toString());
    }

    private long chunksFetched() throws IOException {
        return server.answers().stream().filter(answer -> answer.path().endsWith(CHUNK)).count();
    }

    @ParameterizedTest
    @CsvSource({"zstd,sha512-256,1024", "xz,sha256,4", "gzip,sha512-256,4"})
    void anImageOfCasyncIsExtracted(String compression, String digest, int mebibytes)
            throws IOException, InterruptedException {
        // For xz casync would take ten seconds of the whole image.
        long length = Math.min(Files.size(image), mebibytes * MEBI);
        Path whole = image;
        image = at("image");
        run("cp", "--sparse=always", whole.toString(), image.toString());
        run("truncate", "-s", String.valueOf(length), image.toString());
        casync("other.castr", compression, digest);
        for (String base : List.of(server.uri().toString(), at("www").toUri().toString())) {
            String uri = base + "disk.caibx?store=other.castr";
            netloop("extract", "--no-cache", "--force", uri, at("copy").toString()).end().well();
            run("cmp", image.toString(), at("copy").toString());
        }
    }

    @ParameterizedTest
    @CsvSource({"zstd,sha256", "zstd,sha512-256", "xz,sha256", "gzip,sha512-256"})
    void whatIsPackedIsExtractedByCasync(String codec, String digest)
            throws IOException, InterruptedException {
        // Not a whole number of chunks; with holes, which casync has as chunks of zeros.
        Path part = at("image");
        run("cp", "--sparse=always", image.toString(), part.toString());
        run("truncate", "-s", String.valueOf(8 * MEBI + 1000), part.toString());
        String index = at("www/ours.caibx").toString();
        for (int round = 0; round < 2; round++) {
            netloop(
                            "pack",
                            "--format=caibx",
                            "--force",
                            "--codec=" + codec,
                            "--digest=" + digest,
                            part.toString(),
                            index)
                    .end()
                    .well();
        }
        run("casync", "extract", index, at("copy").toString());
        run("cmp", part.toString(), at("copy").toString());
        netloop("verify", server.uri() + "ours.caibx").end().well();
        netloop("extract", "--no-cache", server.uri() + "ours.caibx", at("again").toString())
                .end()
                .well();
        run("cmp", part.toString(), at("again").toString());
    }

    @Test
    void aMountedImageHasTheFilesOfItsTree() throws IOException, InterruptedException {
        casync("default.castr", "zstd", "sha512-256");
        mount(server.uri() + "disk.caibx", at("mnt"), "--loop", "--no-cache");
        run(
                "diff",
                "-r",
                "--no-dereference",
                "-x",
                "lost+found",
                Images.tree().toString(),
                at("mnt/root").toString());
        assertThat(Files.readString(at("mnt/root.status"))).contains("digest of its plain bytes");
    }

    @Test
    void aMebibyteFromTheMiddleCostsItsChunksAndOnlyOnce()
            throws IOException, InterruptedException {
        casync("default.castr", "zstd", "sha512-256");
        for (int round = 0; round < 2; round++) {
            Program cat =
                    netloop(
                            "cat",
                            "--cache=" + at("cache"),
                            "--offset=20971520",
                            "--length=1048576",
                            server.uri() + "disk.caibx");
            cat.end().well();
            Files.write(at("piece"), cat.bytes());
            run(
                    "cmp",
                    "-n",
                    "1048576",
                    "-i",
                    "20971520:0",
                    image.toString(),
                    at("piece").toString());
        }
        // In a mebibyte chunks of 16 KiB to 256 KiB; the first one is looked at when it is opened.
        assertThat(chunksFetched()).isBetween(5L, 1L + 66);
        assertThat(
                        server.answers().stream()
                                .map(Nginx.Answer::path)
                                .filter(path -> path.endsWith(CHUNK)))
                .doesNotHaveDuplicates();
    }

    private Path anyChunk() throws IOException {
        try (Stream<Path> store = Files.walk(at("www/default.castr"))) {
            return store.filter(Files::isRegularFile).min(Comparator.naturalOrder()).orElseThrow();
        }
    }

    private void replaceByOtherBytesOfItsLength(Path chunk)
            throws IOException, InterruptedException {
        Path plain = at("plain");
        run("zstd", "-q", "-d", chunk.toString(), "-o", plain.toString());
        byte[] bytes = Files.readAllBytes(plain);
        bytes[bytes.length / 2] ^= 1;
        Files.write(plain, bytes);
        run("zstd", "-q", "-f", plain.toString(), "-o", chunk.toString());
    }

    @Test
    void aChunkOfOtherBytesIsReported() throws IOException, InterruptedException {
        casync("default.castr", "zstd", "sha512-256");
        replaceByOtherBytesOfItsLength(anyChunk());
        Program.Ended verify = netloop("verify", server.uri() + "disk.caibx").end();
        assertThat(verify.exit()).isNotZero();
        assertThat(verify.out()).contains("other bytes than its digest").contains("1 are missing");
    }
}
