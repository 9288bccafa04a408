package org.netloop.engine.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

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
        Race race =
                new Race(
                        (mirror, buffer, _) -> {
                            if (mirror == first) {
                                isLate.await();
                                buffer.position(LENGTH);
                                hasCome.countDown();
                                new Semaphore(0).acquire();
                            }
                            assertThat(buffer.remaining()).isEqualTo(LENGTH);
                            buffer.put(new byte[LENGTH]);
                            return null;
                        },
                        into,
                        new Attempts());
        assertThat(race.run(first, second, Duration.ZERO, () -> pass(isLate, hasCome))).isNull();
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
