package org.netloop.control.standby;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.netloop.api.health.Finding;
import org.netloop.api.systemd.PassedDescriptors.Passed;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Tests when a process is started to stand by, and when it is ended; a clock is set by hand. */
class StandbyTest {
    private final List<Started> started = new ArrayList<>();
    private final List<String> forgotten = new ArrayList<>();
    private String socket = "socket:[1]";
    private boolean fails;
    private int refused;
    private long now;

    private final Standby standby = new Standby(new Fake(), () -> now);

    private final class Fake implements Standby.Processes {
        @Override
        public List<Passed> descriptors() {
            return List.of(new Passed(7, "nbd"));
        }

        @Override
        public String file(int descriptor) {
            return socket;
        }

        @Override
        public Standby.One start(List<Passed> descriptors) throws IOException {
            if (fails) {
                refused++;
                throw new IOException("no memory");
            }
            started.add(new Started(started.size() + 1));
            return started.getLast();
        }

        @Override
        public void forget() {
            // Its own descriptors hold an address for as long as it lives.
            assertThat(started).allMatch(one -> one.ended);
            forgotten.add(socket);
        }

        @Override
        public void close() {}
    }

    private static final class Started implements Standby.One {
        private final long pid;
        private boolean stands;
        private boolean ended;

        private Started(long pid) {
            this.pid = pid;
        }

        @Override
        public long pid() {
            return pid;
        }

        @Override
        public boolean isStanding() {
            return stands;
        }

        @Override
        public boolean isEnded() {
            return ended;
        }

        @Override
        public void end() {
            ended = true;
        }
    }

    private void pass(Duration time) {
        now += time.toNanos();
        standby.look();
    }

    @Test
    void oneThatEndsIsFollowedAfterAWhileThatDoubles() {
        standby.look();
        for (int seconds = 1; seconds <= 64; seconds *= 2) {
            int before = started.size();
            started.getLast().ended = true;
            standby.look();
            pass(Duration.ofSeconds(Math.min(60, seconds)).minusNanos(1));
            assertThat(started).hasSize(before);
            pass(Duration.ofNanos(1));
            assertThat(started).hasSize(before + 1);
        }
        pass(Duration.ofSeconds(61));
        started.getLast().ended = true;
        standby.look();
        int before = started.size();
        pass(Duration.ofSeconds(1));
        assertThat(started).hasSize(before + 1);
    }

    @Test
    void oneWithOtherSocketsIsReplacedOnceItIsGone() {
        standby.look();
        pass(Duration.ofSeconds(1));
        assertThat(started).hasSize(1);
        socket = "socket:[2]";
        pass(Duration.ofSeconds(1));
        assertThat(started).hasSize(2);
        assertThat(started.getFirst().ended).isTrue();
        assertThat(forgotten).hasSize(1);
    }

    @Test
    void noneStandsByDuringAPauseOrAfterTheEnd() {
        standby.look();
        Standby.Pause first = standby.pause();
        assertThat(started.getFirst().ended).isTrue();
        Standby.Pause second = standby.pause();
        first.close();
        pass(Duration.ofMinutes(2));
        assertThat(started).hasSize(1);
        second.close();
        pass(Duration.ofSeconds(1));
        assertThat(started).hasSize(2);
        standby.close();
        assertThat(started.getLast().ended).isTrue();
        pass(Duration.ofMinutes(2));
        assertThat(started).hasSize(2);
    }

    @Test
    void healthSaysWhyNoneStandsBy() {
        fails = true;
        standby.look();
        standby.look();
        assertThat(standby.check())
                .extracting(Finding::message)
                .containsExactly("no process stands by: no memory");
        assertThat(refused).isOne();
        fails = false;
        pass(Duration.ofSeconds(1));
        assertThat(standby.check()).hasSize(1);
        started.getFirst().stands = true;
        assertThat(standby.check()).isEmpty();
        started.getFirst().ended = true;
        assertThat(standby.check()).hasSize(1);
    }
}
