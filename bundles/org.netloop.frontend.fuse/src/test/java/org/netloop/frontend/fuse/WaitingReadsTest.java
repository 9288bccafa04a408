package org.netloop.frontend.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
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
    private final WaitingReads waiting = new WaitingReads(this::note, thread -> thread == 666);
    private final CountDownLatch arrival = new CountDownLatch(1);
    private final Semaphore inside = new Semaphore(0);

    private void note(MemorySegment iovec) {
        MemorySegment answer =
                MemorySegment.ofAddress(iovec.reinterpret(16).get(JAVA_LONG, 0)).reinterpret(16);
        answered.put(answer.get(JAVA_LONG, 8), -answer.get(JAVA_INT, 4));
        answers.release();
    }

    private void add(long unique, int asker, Semaphore places) {
        waiting.add(
                unique,
                asker,
                places,
                reply -> {
                    inside.release();
                    arrival.await();
                    return reply.of(unique, 10);
                });
    }

    @Test
    void aFileHasItsPlacesAndAnotherHasItsOwn() throws InterruptedException {
        Semaphore one = new Semaphore(2, true);
        for (int i = 0; i < 50; i++) {
            add(i, 1, one);
        }
        inside.acquire(2);
        add(100, 1, new Semaphore(2, true));
        inside.acquire();
        assertThat(inside.tryAcquire()).isFalse();
        assertThat(waiting.count()).isEqualTo(51);

        arrival.countDown();
        answers.acquire(51);
        assertThat(answered.values()).containsOnly(0);
        assertThat(waiting.end(LONG)).isTrue();
        assertThat(waiting.count()).isZero();
    }

    @Test
    void onlyAReaderThatDiesIsInterrupted() throws InterruptedException {
        Semaphore places = new Semaphore(2, true);
        add(1, 666, places);
        add(2, 1, places);
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
    void whoWaitsForAPlaceIsAnsweredTooWhenAFileGoes() throws InterruptedException {
        Semaphore places = new Semaphore(1, true);
        add(1, 1, places);
        add(2, 1, places);
        inside.acquire();
        waiting.giveUp(places);
        answers.acquire(2);
        assertThat(answered.values()).containsOnly(ErrorCodes.EINTR());
    }

    @Test
    void whatFailsIsAnError() throws InterruptedException {
        Semaphore places = new Semaphore(1, true);
        waiting.add(
                1,
                1,
                places,
                _ -> {
                    throw new VolumeException.Io("no mirror", null);
                });
        waiting.add(
                2,
                1,
                places,
                _ -> {
                    throw new IllegalStateException("a fault");
                });
        waiting.add(
                3,
                1,
                places,
                _ -> {
                    throw new VolumeException.ReadOnly("volume root is read-only");
                });
        answers.acquire(3);
        assertThat(answered)
                .containsOnly(
                        Map.entry(1L, ErrorCodes.EIO()),
                        Map.entry(2L, ErrorCodes.EIO()),
                        Map.entry(3L, ErrorCodes.EROFS()));
        assertThat(places.tryAcquire(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }
}
