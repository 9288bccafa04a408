package org.netloop.engine.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.netloop.api.transport.FetchException;
import org.netloop.engine.retry.RetryPolicy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

class OutageTest {
    private static final Duration TIME = Duration.ofSeconds(1);

    private final Outage outage = new Outage(new RetryPolicy(Duration.ZERO));

    private static void fail(Duration time) throws FetchException {
        throw new FetchException.Unavailable("no mirror answers within " + time, null);
    }

    /** Returns whether more fly at a time than may try while no mirror answers. */
    private boolean areMoreThanTheTriesInTheAir(Duration within) throws Exception {
        int flights = RetryPolicy.TRIES_IN_AN_OUTAGE + 1;
        CountDownLatch up = new CountDownLatch(flights);
        CountDownLatch landing = new CountDownLatch(1);
        Thread[] pilots = new Thread[flights];
        for (int i = 0; i < flights; i++) {
            pilots[i] =
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        try {
                                            outage.fly(
                                                    TIME,
                                                    () -> false,
                                                    _ -> {
                                                        up.countDown();
                                                        landing.await();
                                                    });
                                        } catch (Exception e) {
                                            throw new AssertionError(e);
                                        }
                                    });
        }
        boolean all = up.await(within.toMillis(), TimeUnit.MILLISECONDS);
        landing.countDown();
        for (Thread pilot : pilots) {
            pilot.join();
        }
        return all;
    }

    @Test
    void fewTryWhileNothingLands() throws Exception {
        assertThatThrownBy(() -> outage.fly(TIME, () -> false, OutageTest::fail))
                .isInstanceOf(FetchException.Unavailable.class);
        assertThat(areMoreThanTheTriesInTheAir(Duration.ofMillis(100))).isFalse();
    }

    @Test
    void aBlockThatNeverComesIsNoOutageWhileOthersLand() throws Exception {
        Outage.Flown whileAnotherLands =
                time -> {
                    outage.fly(time, () -> false, _ -> {});
                    fail(time);
                };
        assertThatThrownBy(() -> outage.fly(TIME, () -> false, whileAnotherLands))
                .isInstanceOf(FetchException.Unavailable.class);
        assertThat(areMoreThanTheTriesInTheAir(Duration.ofSeconds(60))).isTrue();
    }
}
