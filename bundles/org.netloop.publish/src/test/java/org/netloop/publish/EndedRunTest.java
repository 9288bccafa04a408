package org.netloop.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.api.publish.Published;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;

/** Tests what ends a run of publishing: failures of a repository, and interruptions. */
@Timeout(60)
class EndedRunTest {
    @TempDir Path directory;

    private final byte[] image = Bench.image(21, 2000, 33);

    private Bench bench() {
        return new Bench(directory.resolve("state"));
    }

    private Published publish(Bench bench) throws IOException, InterruptedException {
        return bench.publish(new ByteArrayInputStream(image));
    }

    @Test
    void aRepositoryThatCannotBeSyncedBesideEndsIt() {
        Bench bench = bench();
        bench.settings = bench.settings(2, Duration.ofMillis(10));
        CountDownLatch failed = new CountDownLatch(1);
        bench.repository.onSync =
                _ -> {
                    failed.countDown();
                    throw new IOException("disk full");
                };
        AtomicInteger puts = new AtomicInteger();
        bench.repository.onPut =
                _ -> {
                    if (puts.incrementAndGet() > 100) {
                        Bench.await(failed);
                    }
                };
        assertThatThrownBy(() -> publish(bench)).hasMessage("disk full");
        assertThat(bench.repository.list("images/")).isEmpty();
    }

    @Test
    void aFailureThatIsAFaultOfABackendEndsIt() {
        Bench bench = bench();
        bench.repository.onPut =
                _ -> {
                    throw new IllegalStateException("a defect");
                };
        assertThatThrownBy(() -> publish(bench))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("a defect");
    }

    @Test
    void anInterruptionWhileTheRepositoryHangsEndsIt() throws Exception {
        Bench bench = bench();
        CountDownLatch hanging = new CountDownLatch(1);
        bench.repository.onPut =
                _ -> {
                    hanging.countDown();
                    Bench.await(new CountDownLatch(1));
                };
        assertInterruptible(bench, new ByteArrayInputStream(image), hanging);
        assertThat(bench.repository.objects).isEmpty();
    }

    @Test
    void anInterruptionWhileTheStreamHangsEndsIt() throws Exception {
        CountDownLatch hanging = new CountDownLatch(1);
        try (PipedOutputStream writer = new PipedOutputStream();
                InputStream stream =
                        new PipedInputStream(writer) {
                            @Override
                            public int read(byte[] bytes, int offset, int length)
                                    throws IOException {
                                hanging.countDown();
                                return super.read(bytes, offset, length);
                            }
                        }) {
            assertInterruptible(bench(), stream, hanging);
        }
    }

    @Test
    void anInterruptionWhileAFileIsPackedEndsIt() throws Exception {
        Bench bench = bench();
        Path file = Files.write(directory.resolve("image"), image);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> bench.publish(file)).isInstanceOf(InterruptedException.class);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThat(bench.repository.list("images/")).isEmpty();
    }

    private static void assertInterruptible(Bench bench, InputStream stream, CountDownLatch hanging)
            throws Exception {
        FutureTask<Published> task = new FutureTask<>(() -> bench.publish(stream));
        Thread thread = Thread.ofPlatform().start(task);
        hanging.await();
        long begin = System.nanoTime();
        thread.interrupt();
        thread.join();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(30));
        assertThatThrownBy(task::get).hasCauseInstanceOf(InterruptedException.class);
        assertThat(bench.repository.list("images/")).isEmpty();
    }
}
