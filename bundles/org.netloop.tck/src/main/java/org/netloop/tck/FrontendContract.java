package org.netloop.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.netloop.api.frontend.Attachment;
import org.netloop.api.frontend.AttachmentSpec;
import org.netloop.api.frontend.Frontend;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Obligations of every {@link Frontend}. */
@Timeout(120)
public abstract class FrontendContract {
    private static final int BLOCK = 64 << 10;
    private static final long SIZE = 3L * 1024 * 1024 + 1234;
    private static final int READERS = 64;

    /** Returns the frontend under test, the same for all of one test. */
    protected abstract Frontend frontend();

    /** Returns a place that is free, the same for all of one test. */
    protected abstract String place();

    /** Reads as a client of the attachment does. */
    protected abstract byte[] read(Attachment attachment, long offset, int length) throws Exception;

    @AfterEach
    void detachAll() throws IOException {
        for (Attachment attachment : frontend().attachments()) {
            attachment.close();
        }
    }

    private static MemoryVolume volume(String name) {
        return MemoryVolume.generated(name, SIZE, BLOCK, block -> block % 5 == 3);
    }

    private Attachment attach(MemoryVolume volume) throws IOException {
        return frontend().attach(volume, new AttachmentSpec(place(), Map.of()));
    }

    private void assertReads(Attachment attachment, MemoryVolume volume, int seed)
            throws Exception {
        Random random = new Random(seed);
        for (int round = 0; round < 20; round++) {
            int length = 1 + random.nextInt(300_000);
            long offset = random.nextLong(SIZE - length);
            assertThat(read(attachment, offset, length)).isEqualTo(volume.expected(offset, length));
        }
    }

    @Test
    void whatIsReadIsTheVolume() throws Exception {
        MemoryVolume volume = volume("root");
        Attachment attachment = attach(volume);
        assertThat(attachment.volume()).isEqualTo("root");
        assertReads(attachment, volume, 1);
        assertThat(read(attachment, SIZE - 100, 100)).isEqualTo(volume.expected(SIZE - 100, 100));
    }

    @Test
    void whatIsNotInMemoryIsWaitedFor() throws Exception {
        MemoryVolume volume = volume("root");
        volume.setAbsent(true);
        assertReads(attach(volume), volume, 2);
    }

    @Test
    void severalVolumesShareAPlace() throws Exception {
        MemoryVolume one = volume("one");
        MemoryVolume other = MemoryVolume.generated("other", SIZE, BLOCK, block -> block == 0);
        Attachment first = attach(one);
        Attachment second = attach(other);
        assertThat(frontend().attachments()).containsExactly(first, second);
        assertReads(first, one, 3);
        assertReads(second, other, 4);
        first.close();
        assertReads(second, other, 5);
    }

    @Test
    void aNameThatIsTakenIsRefusedAndHarmsNobody() throws Exception {
        MemoryVolume volume = volume("root");
        Attachment attachment = attach(volume);
        assertThatThrownBy(() -> attach(volume("root"))).isInstanceOf(IOException.class);
        assertReads(attachment, volume, 6);
    }

    @Test
    void anUnknownOptionIsRefused() {
        AttachmentSpec spec = new AttachmentSpec(place(), Map.of("no-such-option", "1"));
        assertThatThrownBy(() -> frontend().attach(volume("root"), spec))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no-such-option");
        assertThat(frontend().attachments()).isEmpty();
    }

    @Test
    void aReadThatFailsIsAnErrorToItsReaderAndNothingMore() throws Exception {
        MemoryVolume volume = volume("root");
        Attachment attachment = attach(volume);
        try (MemoryVolume.Trap _ = volume.fail(0, BLOCK)) {
            assertThatThrownBy(() -> read(attachment, 100, 100)).isInstanceOf(Exception.class);
            assertThat(read(attachment, 8L * BLOCK, 1000))
                    .isEqualTo(volume.expected(8L * BLOCK, 1000));
        }
        assertThat(read(attachment, 100, 100)).isEqualTo(volume.expected(100, 100));
    }

    @Test
    void aReadThatWaitsDelaysNoOther() throws Exception {
        MemoryVolume volume = volume("root");
        Attachment attachment = attach(volume);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                MemoryVolume.Trap trap = volume.hold(0, BLOCK, Duration.ofSeconds(60))) {
            Future<byte[]> waiting = threads.submit(() -> read(attachment, 0, 1000));
            assertThat(trap.awaitRead(Duration.ofSeconds(60))).isTrue();
            assertThat(read(attachment, 20L * BLOCK, 1000))
                    .isEqualTo(volume.expected(20L * BLOCK, 1000));
            assertThat(waiting.isDone()).isFalse();
            trap.close();
            assertThat(waiting.get()).isEqualTo(volume.expected(0, 1000));
        }
    }

    @Test
    void manyReadAtOnce() throws Exception {
        MemoryVolume volume = volume("root");
        Attachment attachment = attach(volume);
        try (ExecutorService threads = Executors.newFixedThreadPool(READERS)) {
            List<Future<?>> all = new ArrayList<>();
            for (int reader = 0; reader < READERS; reader++) {
                int seed = reader;
                all.add(
                        threads.submit(
                                () -> {
                                    assertReads(attachment, volume, seed);
                                    return null;
                                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
    }

    @Test
    void whatIsClosedIsGoneAndThePlaceIsFree() throws Exception {
        MemoryVolume volume = volume("root");
        Attachment attachment = attach(volume);
        read(attachment, 0, 10);
        attachment.close();
        attachment.close();
        attachment.detached().toCompletableFuture().get(60, TimeUnit.SECONDS);
        assertThat(frontend().attachments()).isEmpty();
        assertThatThrownBy(() -> read(attachment, 0, 10)).isInstanceOf(Exception.class);
        assertReads(attach(volume), volume, 7);
    }
}
