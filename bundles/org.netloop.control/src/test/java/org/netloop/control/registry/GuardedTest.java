package org.netloop.control.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;

/** Calls of plugins, and when they count as ended. */
@Timeout(60)
class GuardedTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final Semaphore ended = new Semaphore(0);

    /** Many times, because the thread of a call was once still there after its answer was. */
    @Test
    void whoeverHasTheAnswerFindsTheCallEnded() throws Exception {
        for (int i = 0; i < 2000; i++) {
            try (Guarded guarded = new Guarded("call", ended::release)) {
                assertThat(guarded.call(() -> "answer", LONG)).isEqualTo("answer");
            }
            assertThat(ended.tryAcquire()).isTrue();
        }
    }

    @Test
    void aCallThatIsLeftBehindCountsUntilItEnds() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        try (Guarded guarded = new Guarded("call", ended::release)) {
            assertThatThrownBy(
                            () ->
                                    guarded.call(
                                            () -> {
                                                try {
                                                    new Semaphore(0).acquire();
                                                    return true;
                                                } catch (InterruptedException _) {
                                                    interrupted.countDown();
                                                    released.await();
                                                    return false;
                                                }
                                            },
                                            Duration.ofMillis(200)))
                    .isInstanceOf(TimeoutException.class);
        }
        interrupted.await();
        assertThat(ended.tryAcquire()).isFalse();
        released.countDown();
        ended.acquire();
    }
}
