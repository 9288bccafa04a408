package org.netloop.engine.ahead;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayDeque;
import java.util.Deque;

class PaceTest {
    private static final int BYTES = 90_000;
    private static final long MILLI = 1_000_000;

    /**
     * A link without chance in it: bytes leave one after the other and are on their way for a
     * while.
     */
    private static final class Link {
        private record Fetch(Pace.Mark mark, long arrives) {}

        private final Pace pace = new Pace(1000, 4);
        private final long roundTrip;
        private final long takes;
        private final Deque<Fetch> underWay = new ArrayDeque<>();
        private long now;
        private long free;
        private long delivered;

        Link(long megabits, long milliseconds) {
            roundTrip = milliseconds * MILLI;
            takes = BYTES * 8_000 / megabits;
        }

        /** Fetches as many at a time as allowed. */
        void run(long until) {
            while (now < until) {
                while (underWay.size() < pace.window()) {
                    free = Math.max(free, now + roundTrip / 2) + takes;
                    underWay.add(new Fetch(pace.begins(now), free + roundTrip / 2));
                }
                Fetch first = underWay.remove();
                now = first.arrives();
                delivered++;
                pace.ended(first.mark(), BYTES, now);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"10,10", "10,300", "100,10", "100,100", "100,300", "1000,10", "1000,100"})
    void aLinkIsInUseAfterTwoSecondsAndNotFloodedThen(long megabits, long milliseconds) {
        Link link = new Link(megabits, milliseconds);
        link.run(2_000 * MILLI);
        long before = link.delivered;
        long from = link.now;
        link.run(40_000 * MILLI);
        double share = (double) (link.delivered - before) * link.takes / (link.now - from);
        assertThat(share).isGreaterThan(0.95);
        double carried = (double) (link.roundTrip + link.takes) / link.takes;
        assertThat((double) link.pace.window()).isLessThan(5 + 1.6 * carried);
    }

    @ParameterizedTest
    @CsvSource({"1000,0,2", "1000,1,2", "100,10,0", "10,0,0"})
    void halfOfTheProcessorsAreLeftToOthersWhereAMirrorIsNear(
            long megabits, long milliseconds, int expected) {
        Link link = new Link(megabits, milliseconds);
        link.run(3_000 * MILLI);
        int all = link.pace.window();
        assertThat(all).isGreaterThanOrEqualTo(Pace.LEAST);
        assertThat(link.pace.quietWindow()).isEqualTo(expected == 0 ? all : expected);
    }

    @Test
    void ofSmallerBlocksMoreAreAllowed() {
        Link link = new Link(100, 100);
        link.run(3_000 * MILLI);
        int window = link.pace.window();
        assertThat(link.pace.allows(window, (long) window * BYTES)).isFalse();
        assertThat(link.pace.allows(2 * window, 2L * window * BYTES / 3)).isTrue();
        assertThat(link.pace.allows(2 * window, 2L * window * BYTES)).isFalse();
        assertThat(link.pace.allows(1000, 0)).isFalse();
    }

    @Test
    void aFailureHalvesWhatIsAllowed() {
        Link link = new Link(100, 100);
        link.run(3_000 * MILLI);
        int before = link.pace.window();
        link.pace.failed();
        assertThat(link.pace.window()).isEqualTo(Math.max(Pace.LEAST, before / 2));
        assertThat(link.pace.allows(before, (long) before * BYTES * 2 / 3)).isFalse();
    }

    @Test
    void itBeginsWithTheStreamsOfThePaperAndKeepsToItsLimit() {
        Pace pace = new Pace(10, 2);
        assertThat(pace.window()).isEqualTo(Pace.LEAST);
        for (int i = 0; i < 1000; i++) {
            pace.ended(pace.begins(i), 1 << 20, i + 1);
        }
        assertThat(pace.window()).isBetween(Pace.LEAST, 10);
    }
}
