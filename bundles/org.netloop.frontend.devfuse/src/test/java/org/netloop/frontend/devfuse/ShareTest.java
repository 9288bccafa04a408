package org.netloop.frontend.devfuse;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Tests the memory of waiting requests: all files together have a bound, and each has its own. */
@Timeout(60)
class ShareTest {
    private static final int UNITS = Share.units(Negotiation.MOST);

    private final Share.Common common = new Share.Common(2 * UNITS);
    private final Share hung = new Share(common);
    private final Share other = new Share(common);

    @Test
    void aFileThatHangsLeavesTheOthersTheirOwn() throws Exception {
        List<Boolean> taken = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            taken.add(hung.take(UNITS));
        }
        assertThat(taken).containsExactly(true, false, false);
        assertThat(other.take(UNITS)).isTrue();
    }

    @Test
    void whoWaitsTakesWhateverComesFirst() throws Exception {
        for (int i = 0; i < 3; i++) {
            hung.take(UNITS);
        }
        assertThat(other.take(UNITS)).isTrue();
        CountDownLatch served = new CountDownLatch(1);
        Thread waiting =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    try {
                                        other.giveBack(UNITS, other.take(UNITS));
                                        served.countDown();
                                    } catch (InterruptedException e) {
                                        Thread.currentThread().interrupt();
                                    }
                                });
        while (waiting.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        assertThat(served.getCount()).isEqualTo(1);
        other.giveBack(UNITS, true);
        served.await();
        waiting.join();
    }

    @Test
    void whoIsInterruptedTakesNothing() throws Exception {
        for (int i = 0; i < 3; i++) {
            hung.take(UNITS);
        }
        Thread waiting =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    try {
                                        hung.take(UNITS);
                                    } catch (InterruptedException e) {
                                        Thread.currentThread().interrupt();
                                    }
                                });
        waiting.interrupt();
        waiting.join();
        hung.giveBack(UNITS, false);
        assertThat(hung.take(UNITS)).isFalse();
    }

    @Test
    void whatIsKeptOfAnswersIsBounded() {
        Replies replies = new Replies();
        List<Replies.Room> rooms = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            rooms.add(replies.take(Negotiation.MOST));
        }
        rooms.forEach(replies::give);
        assertThat(replies.kept()).isEqualTo(4 << 20);
        assertThat(rooms.stream().filter(room -> room.arena().scope().isAlive())).hasSize(4);
        assertThat(replies.take(Negotiation.MOST)).isIn(rooms);
        assertThat(replies.kept()).isEqualTo(3 << 20);
    }
}
