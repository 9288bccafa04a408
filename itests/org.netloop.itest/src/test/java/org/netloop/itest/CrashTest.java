package org.netloop.itest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** SIGKILL at random moments, and a full disk. */
final class CrashTest extends RuntimeTest {
    private static final Pattern IMAGE =
            Pattern.compile("\"image\":\"(sha256:[0-9a-f]+)\",\"format");

    /** More in a long run: {@code -Dnetloop.itest.kills=50}. */
    private static final int KILLS = Integer.getInteger("netloop.itest.kills", 3);

    private static Path image() throws IOException, InterruptedException {
        return Images.random(64);
    }

    @Test
    void aServerThatIsKilledLeavesACacheWithoutAWrongByte()
            throws IOException, InterruptedException {
        Random chance = new Random(4);
        Nginx server = published(image());
        Path socket = at("socket");
        String[] cache = {"--cache", at("cache").toString()};
        for (int i = 0; i < KILLS; i++) {
            Program serving = serve(server.uri(), socket, cache);
            Program reader = start("nbdcopy", nbd(socket), at("copy").toString());
            reader.runFor(Duration.ofMillis(chance.nextInt(400)));
            serving.kill();
            reader.end();
        }
        serve(server.uri(), socket, cache);
        run("nbdcopy", nbd(socket), at("copy").toString());
        assertSame(image(), at("copy"));
        int fetched = server.answers().size();
        // From now on the cache alone answers.
        run("nbdcopy", nbd(socket), at("copy").toString());
        assertSame(image(), at("copy"));
        assertThat(server.answers()).hasSize(fetched);
    }

    @Test
    void aPackThatIsKilledLeavesARepositoryThatVerifies() throws IOException, InterruptedException {
        Random chance = new Random(5);
        Path repository = at("repo");
        Path old = Images.random(16);
        String before = pack(old, repository);
        for (int i = 0; i < KILLS; i++) {
            netloop("pack", image().toString(), repository.toString())
                    .runFor(Duration.ofMillis(300 + chance.nextInt(1500)))
                    .kill();
            assertEveryImageIsWhole(repository);
        }
        String after = pack(image(), repository);
        assertThat(pack(image(), at("clean"))).isEqualTo(after);
        assertEveryImageIsWhole(repository);
        netloop("extract", "--no-cache", repository + "@" + before, at("old").toString())
                .end()
                .well();
        assertSame(old, at("old"));
        netloop("extract", "--no-cache", repository.toString(), at("new").toString()).end().well();
        assertSame(image(), at("new"));
    }

    private void assertEveryImageIsWhole(Path repository) throws IOException, InterruptedException {
        Matcher image =
                IMAGE.matcher(netloop("ls", "--json", repository.toString()).end().well().out());
        int images = 0;
        while (image.find()) {
            netloop("verify", repository + "@" + image.group(1)).end().well();
            images++;
        }
        assertThat(images).isPositive();
    }

    @Test
    void readsGoOnWhenTheDiskOfTheCacheIsFull() throws IOException, InterruptedException {
        Nginx server = published(image());
        Path cache = directory("cache");
        run("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", cache.toString());
        Path socket = at("socket");
        serve(server.uri(), socket, "--cache", cache.toString(), "--cache-size", "1G");
        for (int i = 0; i < 2; i++) {
            run("nbdcopy", nbd(socket), at("copy").toString());
            assertSame(image(), at("copy"));
        }
        // It was full, and gave up an eighth of itself, perhaps more than once.
        assertThat(Files.getFileStore(cache).getUsableSpace()).isLessThan(2 << 20);
    }
}
