package org.netloop.engine.lease;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.concurrent.FutureTask;

/** Tests who may enter a lease, who is counted inside, and when it is closed. */
@Timeout(60)
class LeaseTest {
    private final Lease lease = new Lease();

    @Test
    void everyoneInsideIsCountedOverThePeriods() {
        long first = lease.enter();
        assertThat(lease.turn()).isZero();
        long second = lease.enter();
        assertThat(first).isNotZero().isNotEqualTo(second);
        assertThat(lease.inside()).isEqualTo(2);
        lease.leave(first);
        assertThat(lease.inside()).isEqualTo(1);
        lease.leave(second);
        assertThat(lease.inside()).isZero();
    }

    @Test
    void onlyThoseOfEarlierPeriodsAreOverdueAndNoPeriodBeginsMeanwhile() {
        long first = lease.enter();
        assertThat(lease.turn()).isZero();
        long second = lease.enter();
        assertThat(lease.turn()).isEqualTo(1);
        assertThat(lease.turn()).isEqualTo(1);
        lease.leave(first);
        assertThat(lease.turn()).isZero();
        assertThat(lease.turn()).isEqualTo(1);
        lease.leave(second);
        assertThat(lease.turn()).isZero();
        assertThat(lease.turn()).isZero();
    }

    @Test
    void anEmptyOneIsClosedAtOnceInEachPeriod() throws Exception {
        lease.turn();
        assertThat(lease.retire(Duration.ZERO)).isTrue();
        assertThat(lease.enter()).isZero();
        assertThat(new Lease().retire(Duration.ZERO)).isTrue();
    }

    @Test
    void whoIsInsideWhenTheGraceIsOverIsTold() throws Exception {
        long inside = lease.enter();
        assertThat(lease.retire(Duration.ofMillis(1))).isFalse();
        assertThat(lease.enter()).isZero();
        assertThat(lease.inside()).isEqualTo(1);
        lease.leave(inside);
        assertThat(lease.retire(Duration.ZERO)).isTrue();
    }

    @Test
    void theLastToLeaveOpensTheWayInEitherPeriod() throws Exception {
        long early = lease.enter();
        lease.turn();
        long late = lease.enter();
        FutureTask<Boolean> retiring = new FutureTask<>(() -> lease.retire(Duration.ofHours(1)));
        Thread thread = Thread.ofPlatform().start(retiring);
        while (thread.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        lease.leave(early);
        assertThat(retiring.isDone()).isFalse();
        lease.leave(late);
        assertThat(retiring.get()).isTrue();
    }
}
