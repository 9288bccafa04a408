package org.netloop.itest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Many readers at once, with the heap that the runtime gives itself and a small cache. */
final class ReadersTest extends RuntimeTest {
    private static final int READERS = 64;
    private static final int READS = 100;
    private static final int[] LENGTHS = {512, 4096, 65_536, 300_000};
    private static final String[] SMALL_CACHES = {"--no-cache", "--memory", "16M"};

    @Test
    void sixtyFourReadersOfAFileSeeTheRightBytes()
            throws IOException, InterruptedException, ExecutionException {
        Path image = Images.of("ext4");
        Nginx server = published(image);
        Program mounted = mount(server.uri(), at("mnt"), SMALL_CACHES);
        List<Future<?>> readers = new ArrayList<>();
        try (FileChannel wanted = FileChannel.open(image);
                FileChannel file = FileChannel.open(at("mnt/root.img"));
                ExecutorService threads = Executors.newFixedThreadPool(READERS)) {
            for (int i = 0; i < READERS; i++) {
                Random chance = new Random(i);
                readers.add(
                        threads.submit(
                                () -> {
                                    readAtRandom(wanted, file, chance);
                                    return true;
                                }));
            }
        }
        for (Future<?> reader : readers) {
            reader.get();
        }
        assertThat(mounted.err()).isEmpty();
        assertThat(mounted.isAlive()).isTrue();
    }

    private static void readAtRandom(FileChannel wanted, FileChannel file, Random chance)
            throws IOException {
        for (int i = 0; i < READS; i++) {
            int length = LENGTHS[chance.nextInt(LENGTHS.length)];
            long offset = chance.nextLong(wanted.size() - length);
            assertThat(read(file, offset, length))
                    .as("%d bytes at %d", length, offset)
                    .isEqualTo(read(wanted, offset, length));
        }
    }

    private static byte[] read(FileChannel channel, long offset, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) {
            assertThat(channel.read(buffer, offset + buffer.position())).isPositive();
        }
        return buffer.array();
    }

    @Test
    void sixtyFourConnectionsSeeTheRightBytes() throws IOException, InterruptedException {
        Path image = Images.of("ext4");
        Nginx server = published(image);
        Path socket = at("socket");
        Program serving = serve(server.uri(), socket, SMALL_CACHES);
        String script = RandomReads.script(nbd(socket), image, READERS, READS);
        assertThat(run("nbdsh", "-c", script).out()).contains("right: " + READERS * READS);
        assertThat(serving.err()).isEmpty();
    }
}
