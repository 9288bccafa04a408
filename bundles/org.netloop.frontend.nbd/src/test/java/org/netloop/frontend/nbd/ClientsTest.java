package org.netloop.frontend.nbd;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Tests which client gets a seat, and which has to give it up. */
@Timeout(60)
class ClientsTest {
    private static final int SEATS = 8;

    private long now = 1;
    private final Clients clients = new Clients(new Memory(64 << 20, SEATS), () -> now);

    private final class Fake implements Clients.Client {
        private final String source;
        private final long since = now;
        private boolean busy;
        private boolean stuck;
        private boolean tls;
        private boolean rested;
        private boolean out;

        private Fake(String source) {
            this.source = source;
        }

        @Override
        public Object source() {
            return source;
        }

        @Override
        public long sinceNanos() {
            return since;
        }

        @Override
        public long quietNanos(long at) {
            return busy ? -1 : at - since;
        }

        @Override
        public boolean isStuck(long at, long longestNanos) {
            return stuck;
        }

        @Override
        public boolean usesTls() {
            return tls;
        }

        @Override
        public void rest() {
            rested = true;
        }

        @Override
        public void turnOut() {
            out = true;
        }
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    private Fake arrive(String source) throws InterruptedException {
        Fake client = new Fake(source);
        clients.admit(client);
        return client;
    }

    private List<Fake> seat(int count, String source) throws InterruptedException {
        List<Fake> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Fake client = arrive(source);
            assertThat(clients.seat(client)).isTrue();
            all.add(client);
            pass(Duration.ofMillis(1));
        }
        return all;
    }

    @Test
    void aClientThatWentQuietLongestMakesRoom() throws InterruptedException {
        List<Fake> all = seat(SEATS, "a");
        all.getFirst().busy = true;
        pass(Clients.QUIET);
        assertThat(clients.seat(arrive("a"))).isTrue();
        assertThat(all.stream().filter(c -> c.out)).containsExactly(all.get(1));
    }

    @Test
    void noSeatIsTakenFromThoseWhoAreBusyOrHaveJustAsked() throws InterruptedException {
        List<Fake> all = seat(SEATS, "a");
        assertThat(clients.seat(arrive("a"))).isFalse();
        all.forEach(c -> c.busy = true);
        pass(Duration.ofHours(1));
        assertThat(clients.seat(arrive("a"))).isFalse();
        assertThat(all).noneMatch(c -> c.out);
    }

    @Test
    void whoHasLessThanItsShareTakesASeatOfWhoHasMore() throws InterruptedException {
        List<Fake> crowd = seat(SEATS, "a");
        crowd.forEach(c -> c.busy = true);
        seat(SEATS / 2, "b").forEach(c -> c.busy = true);
        assertThat(crowd.stream().filter(c -> c.out)).hasSize(SEATS / 2);
        assertThat(clients.seat(arrive("b"))).isFalse();
        assertThat(clients.seat(arrive("a"))).isFalse();
    }

    @Test
    void theQuietOfTheLargestSourceGoesFirst() throws InterruptedException {
        Fake alone = seat(1, "b").getFirst();
        List<Fake> crowd = seat(SEATS - 1, "a");
        pass(Clients.QUIET);
        assertThat(clients.seat(arrive("c"))).isTrue();
        assertThat(alone.out).isFalse();
        assertThat(crowd.getFirst().out).isTrue();
    }

    @Test
    void aFloodOfHalfOpenConnectionsTakesNoSeatAndDropsItsOldest() throws InterruptedException {
        List<Fake> flood = new ArrayList<>();
        for (int i = 0; i < 10 * Clients.MOST_NEGOTIATING; i++) {
            flood.add(arrive("flood"));
            pass(Duration.ofMillis(5));
        }
        Fake good = arrive("good");
        assertThat(clients.seat(good)).isTrue();
        assertThat(flood.stream().filter(c -> !c.out).count())
                .isLessThanOrEqualTo(Clients.MOST_NEGOTIATING);
        assertThat(flood.getFirst().out).isTrue();
        assertThat(flood.getLast().out).isFalse();
    }

    @Test
    void whoWasTurnedOutWhileNegotiatingGetsNoSeat() throws InterruptedException {
        Fake slow = arrive("a");
        pass(Clients.LONGEST_HANDSHAKE.plusNanos(1));
        clients.sweep();
        assertThat(slow.out).isTrue();
        assertThat(clients.seat(slow)).isFalse();
    }

    @Test
    void sweepingTurnsOutWhoTakesNothingAndRestsWhoIsQuiet() throws InterruptedException {
        List<Fake> all = seat(3, "a");
        all.get(0).stuck = true;
        all.get(1).busy = true;
        pass(Clients.RESTING);
        clients.sweep();
        assertThat(all).extracting(c -> c.out).containsExactly(true, false, false);
        assertThat(all).extracting(c -> c.rested).containsExactly(false, false, true);
    }

    @Test
    void aSeatIsFreeWhenItsClientLeaves() throws InterruptedException {
        List<Fake> all = seat(SEATS, "a");
        clients.left(all.getLast());
        assertThat(clients.seat(arrive("a"))).isTrue();
        assertThat(all).noneMatch(c -> c.out);
    }

    @Test
    void whoHasNoMemoryForTlsMakesNoRoomForIt() throws InterruptedException {
        Fake plain = seat(1, "a").getFirst();
        Fake secured = seat(1, "b").getFirst();
        secured.tls = true;
        Fake waits = arrive("c");
        Fake negotiates = arrive("d");
        negotiates.tls = true;
        pass(Clients.QUIET);

        clients.makeRoomForTls();
        assertThat(negotiates.out).isTrue();
        assertThat(secured.out).isFalse();
        clients.makeRoomForTls();
        assertThat(secured.out).isTrue();
        clients.makeRoomForTls();
        assertThat(plain.out || waits.out).isFalse();
    }
}
