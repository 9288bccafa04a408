package org.netloop.frontend.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.netloop.api.mount.WaitingRequests;
import org.netloop.api.volume.VolumeException;

import ru.serce.jnrfuse.ErrorCodes;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Reads that wait, without a kernel: answers are noted by their number and errno. */
@Timeout(60)
class WaitingReadsTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final Map<Long, Integer> answered = new ConcurrentHashMap<>();
    private final Semaphore answers = new Semaphore(0);
    private final WaitingReads waiting =
            new WaitingReads(
                    new Replies(), this::note, new WaitingRequests(thread -> thread == 666));
    private final CountDownLatch arrival = new CountDownLatch(1);
    private final Semaphore inside = new Semaphore(0);

    private void note(MemorySegment iovec) {
        MemorySegment answer =
                MemorySegment.ofAddress(iovec.reinterpret(16).get(JAVA_LONG, 0)).reinterpret(16);
        answered.put(answer.get(JAVA_LONG, 8), -answer.get(JAVA_INT, 4));
        answers.release();
    }

    private void add(long unique, int asker, Replies.File file) {
        waiting.add(
                unique,
                asker,
                file,
                reply -> {
                    inside.release();
                    arrival.await();
                    return reply.of(unique, 10);
                });
    }

    @Test
    void aFileHasItsPlacesAndAnotherHasItsOwn() throws InterruptedException {
        Replies.File one = new Replies.File();
        for (int i = 0; i < Replies.EACH + 50; i++) {
            add(i, 1, one);
        }
        inside.acquire(Replies.EACH);
        add(1000, 1, new Replies.File());
        inside.acquire();
        assertThat(inside.tryAcquire()).isFalse();
        assertThat(waiting.count()).isEqualTo(Replies.EACH + 51);

        arrival.countDown();
        answers.acquire(Replies.EACH + 51);
        assertThat(answered.values()).containsOnly(0);
        assertThat(waiting.end(LONG)).isTrue();
        assertThat(waiting.count()).isZero();
    }

    @Test
    void onlyAReaderThatDiesIsInterrupted() throws InterruptedException {
        Replies.File file = new Replies.File();
        add(1, 666, file);
        add(2, 1, file);
        inside.acquire(2);
        waiting.interrupted(2);
        waiting.interrupted(1);
        waiting.interrupted(12345);
        answers.acquire();
        assertThat(answered).containsExactly(Map.entry(1L, ErrorCodes.EINTR()));
        arrival.countDown();
        answers.acquire();
        assertThat(answered).containsEntry(2L, 0);
    }

    @Test
    void whoWaitsForMemoryIsAnsweredTooWhenAFileGoes() throws InterruptedException {
        Replies.File file = new Replies.File();
        for (int i = 0; i < Replies.EACH + 1; i++) {
            add(i, 1, file);
        }
        inside.acquire(Replies.EACH);
        waiting.giveUp(file);
        answers.acquire(Replies.EACH + 1);
        assertThat(answered.values()).containsOnly(ErrorCodes.EINTR());
    }

    @Test
    void whoAsksAFileThatGoesIsAnsweredTooIfThatWasNotSeen() throws InterruptedException {
        Replies.File file = new Replies.File();
        waiting.giveUp(file);
        add(1, 1, file);
        assertThat(answers.tryAcquire(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(answered).containsExactly(Map.entry(1L, ErrorCodes.EINTR()));
    }

    @Test
    void whatFailsIsAnError() throws InterruptedException {
        Replies.File file = new Replies.File();
        waiting.add(
                1,
                1,
                file,
                _ -> {
                    throw new VolumeException.Io("no mirror", null);
                });
        waiting.add(
                2,
                1,
                file,
                _ -> {
                    throw new IllegalStateException("a fault");
                });
        waiting.add(
                3,
                1,
                file,
                _ -> {
                    throw new VolumeException.ReadOnly("volume root is read-only");
                });
        answers.acquire(3);
        assertThat(answered)
                .containsOnly(
                        Map.entry(1L, ErrorCodes.EIO()),
                        Map.entry(2L, ErrorCodes.EIO()),
                        Map.entry(3L, ErrorCodes.EROFS()));
        assertThat(waiting.end(LONG)).isTrue();
    }
}
