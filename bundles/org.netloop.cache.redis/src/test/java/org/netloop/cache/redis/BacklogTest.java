package org.netloop.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.Objects;

@Timeout(60)
final class BacklogTest {
    private static final Duration AT_ONCE = Duration.ZERO;
    private static final int ROOM = 3 * 10_200;

    private final Backlog backlog = new Backlog(ROOM);

    private Backlog.Change waiting(int seed) {
        return Objects.requireNonNull(backlog.find(Opened.key(seed)));
    }

    private Backlog.Change taken() throws InterruptedException {
        return Objects.requireNonNull(backlog.take(AT_ONCE));
    }

    @Test
    void theLastChangeOfAKeyCountsAndIsFoundUntilItIsDone() throws Exception {
        assertThat(backlog.put(Opened.key(1), Opened.block(1))).isTrue();
        assertThat(backlog.put(Opened.key(1), Opened.block(1))).isTrue();
        assertThat(backlog.remove(Opened.key(1))).isTrue();
        assertThat(waiting(1).bytes()).isNull();
        assertThat(backlog.put(Opened.key(2), Opened.block(2))).isTrue();

        assertThat(taken().bytes()).isNull();
        assertThat(backlog.find(Opened.key(1))).isNotNull();
        backlog.done();
        assertThat(backlog.find(Opened.key(1))).isNull();
        assertThat(taken().bytes()).isEqualTo(Opened.block(2).array());
        backlog.done();
        assertThat(backlog.take(AT_ONCE)).isNull();
        assertThat(backlog.size()).isZero();
    }

    @Test
    void whatIsChangedWhileItIsSentIsSentAgain() throws Exception {
        backlog.put(Opened.key(1), Opened.block(1));
        assertThat(backlog.take(AT_ONCE)).isNotNull();
        backlog.remove(Opened.key(1));
        assertThat(waiting(1).bytes()).isNull();
        backlog.done();
        assertThat(waiting(1).bytes()).isNull();
        assertThat(taken().bytes()).isNull();
    }

    @Test
    void onceClosedItFindsNothingOfWhatWaitedOrIsBeingSentAndTakesNoMore() throws Exception {
        backlog.put(Opened.key(1), Opened.block(1));
        backlog.put(Opened.key(2), Opened.block(2));
        assertThat(taken().key()).isEqualTo(Opened.key(1));
        backlog.close();
        assertThat(backlog.find(Opened.key(1))).isNull();
        assertThat(backlog.find(Opened.key(2))).isNull();
        assertThat(backlog.put(Opened.key(3), Opened.block(3))).isFalse();
        assertThat(backlog.remove(Opened.key(3))).isFalse();
        backlog.done();
        assertThat(backlog.size()).isZero();
    }

    @Test
    void whatExceedsTheRoomIsDroppedAndCounted() throws Exception {
        for (int seed = 0; seed < 5; seed++) {
            assertThat(backlog.put(Opened.key(seed), Opened.block(seed))).isEqualTo(seed < 3);
        }
        assertThat(backlog.dropped()).isEqualTo(2);
        assertThat(backlog.size()).isLessThanOrEqualTo(ROOM);
        assertThat(backlog.take(AT_ONCE)).isNotNull();
        assertThat(backlog.put(Opened.key(9), Opened.block(9))).as("it is still sent").isFalse();
        backlog.clear();
        backlog.done();
        assertThat(backlog.size()).isZero();
        assertThat(backlog.dropped()).isEqualTo(5);
        assertThat(backlog.put(Opened.key(9), Opened.block(9))).isTrue();
    }
}
