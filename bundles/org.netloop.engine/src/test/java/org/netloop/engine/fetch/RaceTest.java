package org.netloop.engine.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.netloop.api.transport.FetchPurpose;
import org.netloop.engine.retry.Deadline;

import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;

@Timeout(60)
class RaceTest {
    private static final int LENGTH = 100;

    private final Mirror first = new Mirror(URI.create("test://a/"), System::nanoTime);
    private final Mirror second = new Mirror(URI.create("test://b/"), System::nanoTime);
    private final ByteBuffer into = ByteBuffer.allocate(LENGTH);

    /** The first has all its bytes just when the second is asked, but not yet passed the check. */
    @Test
    void theSecondHasRoomForAllHoweverFarTheFirstHasCome() throws Exception {
        CountDownLatch isLate = new CountDownLatch(1);
        CountDownLatch hasCome = new CountDownLatch(1);
        Stage next =
                errand -> {
                    if (errand.mirrors().getFirst() == first) {
                        isLate.await();
                        errand.into().position(LENGTH);
                        hasCome.countDown();
                        new Semaphore(0).acquire();
                    }
                    assertThat(errand.into().remaining()).isEqualTo(LENGTH);
                    errand.into().put(new byte[LENGTH]);
                };
        Wanted wanted = new Wanted("object", 0, LENGTH, FetchPurpose.DEMAND);
        Deadline deadline = Deadline.in(Duration.ofSeconds(60));
        Race race = new Race(next, new Errand("object", wanted, into, Check.NONE, deadline));
        race.run(first, second, Duration.ZERO, () -> pass(isLate, hasCome));
        assertThat(into.position()).isEqualTo(LENGTH);
    }

    private static boolean pass(CountDownLatch mine, CountDownLatch others) {
        mine.countDown();
        try {
            others.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return true;
    }
}
