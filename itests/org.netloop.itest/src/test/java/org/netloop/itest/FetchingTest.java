package org.netloop.itest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** Only what is read is fetched, and nothing twice: counted in the web server's log. */
final class FetchingTest extends RuntimeTest {
    private static final long MEBI = 1 << 20;
    private static final long TEBI = 1L << 40;

    /** Channel and manifest, of which a channel is asked for again whenever an image is opened. */
    private static final int TO_OPEN = 4;

    private void readMiddle(Path file) throws IOException, InterruptedException {
        run(
                "dd",
                "if=" + file,
                "of=" + at("read"),
                "bs=1M",
                "count=1",
                "skip=24",
                "iflag=direct",
                "status=none");
        run("cmp", "-n", "1048576", "-i", "25165824:0", image().toString(), at("read").toString());
    }

    private static Path image() throws IOException, InterruptedException {
        return Images.random(64);
    }

    @Test
    void aMebibyteFromTheMiddleFetchesAHandfulOfObjectsAndOnlyOnce()
            throws IOException, InterruptedException {
        Nginx server = published(image());
        String[] cache = {"--cache", at("cache").toString(), "--prefetch", "none"};
        Path file = at("mnt/root.img");
        Program first = mount(server.uri(), at("mnt"), cache);
        int opened = server.answers().size();
        assertThat(opened).isLessThanOrEqualTo(TO_OPEN);

        readMiddle(file);
        int read = server.answers().size();
        // Four blocks, and what the kernel reads ahead; nothing is fetched ahead here.
        assertThat(read - opened).isBetween(4, 8);

        readMiddle(file);
        assertThat(server.answers()).hasSize(read);

        assertThat(first.terminate().end().exit()).isZero();
        mount(server.uri(), at("mnt"), cache);
        int again = server.answers().size();
        assertThat(again - read).isLessThanOrEqualTo(TO_OPEN);
        readMiddle(file);
        assertThat(server.answers()).hasSize(again);
    }

    @Test
    void everyObjectOfAWholeReadIsFetchedOnce() throws IOException, InterruptedException {
        Nginx server = published(image());
        netloop("extract", "--cache", at("cache").toString(), server.uri(), at("copy").toString())
                .end()
                .well();
        assertSame(image(), at("copy"));
        List<String> blocks =
                server.answers().stream()
                        .map(Nginx.Answer::path)
                        .filter(path -> path.startsWith("/blocks/"))
                        .toList();
        assertThat(blocks).hasSizeGreaterThanOrEqualTo(48 * 4).doesNotHaveDuplicates();
    }

    @Test
    void aTebibyteIsOpenedWithLessThanAMebibyte() throws IOException, InterruptedException {
        Path image = at("huge.img");
        Images.blank(image, TEBI);
        byte[] piece = new byte[(int) MEBI];
        new Random(1).nextBytes(piece);
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            for (long at = 0; at < TEBI; at += TEBI / 8) {
                file.seek(at);
                file.write(piece);
            }
        }
        Nginx server = published(image);
        Path socket = at("socket");
        serve(server.uri(), socket, "--cache", at("cache").toString());
        assertThat(run("nbdinfo", "--size", nbd(socket)).out().strip())
                .isEqualTo(String.valueOf(TEBI));
        assertThat(server.answers().stream().mapToLong(Nginx.Answer::bytes).sum()).isLessThan(MEBI);
        String map = run("nbdinfo", "--map", "--totals", nbd(socket)).out();
        assertThat(map).containsPattern("8388608 +0\\.0% +0 +data");
    }
}
