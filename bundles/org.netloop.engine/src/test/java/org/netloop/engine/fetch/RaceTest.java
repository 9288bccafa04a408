package org.netloop.engine.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.netloop.api.transport.FetchPurpose;
import org.netloop.api.transport.Fetched;
import org.netloop.engine.retry.Deadline;

import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

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
        Race race = race(next, Check.NONE);
        race.run(first, second, Duration.ZERO, () -> pass(isLate, hasCome));
        assertThat(into.position()).isEqualTo(LENGTH);
    }

    /** A pilot is interrupted while the second leg decodes into the reader's buffer. */
    @Test
    void aRaceThatIsGivenUpDoesNotEndWhileTheSecondLegIsInsideTheCheck() throws Exception {
        CountDownLatch isInCheck = new CountDownLatch(1);
        CountDownLatch isWritten = new CountDownLatch(1);
        Semaphore codec = new Semaphore(0);
        AtomicBoolean hasEnded = new AtomicBoolean();
        AtomicBoolean wroteLate = new AtomicBoolean();
        Check decodes =
                (_, _, _) -> {
                    isInCheck.countDown();
                    codec.acquireUninterruptibly(); // a codec does not look at interrupts
                    wroteLate.set(hasEnded.get());
                    isWritten.countDown();
                };
        Stage next =
                errand -> {
                    if (errand.mirrors().getFirst() == first) {
                        new Semaphore(0).acquire();
                    }
                    errand.into().put(new byte[LENGTH]);
                    ByteBuffer bytes = errand.into().duplicate().flip();
                    errand.check().accept(bytes, second.base(), new Fetched(LENGTH, null));
                };
        Race race = race(next, decodes);
        Thread pilot =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    try {
                                        race.run(first, second, Duration.ZERO, () -> true);
                                    } catch (Exception _) {
                                        // It was given up.
                                    }
                                    hasEnded.set(true);
                                });
        isInCheck.await();
        pilot.interrupt();
        // Without the gate it ends within that time; with it, it never does before the codec.
        assertThat(pilot.join(Duration.ofMillis(500))).isFalse();
        codec.release();
        isWritten.await();
        pilot.join();
        assertThat(wroteLate).isFalse();
    }

    private Race race(Stage next, Check check) {
        Wanted wanted = new Wanted("object", 0, LENGTH, FetchPurpose.DEMAND);
        Deadline deadline = Deadline.in(Duration.ofSeconds(60));
        return new Race(next, new Errand("object", wanted, into, check, deadline));
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
