package org.netloop.engine.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

@Timeout(60)
class BufferPoolTest {
    private static final int PAIRS = 8;
    private static final int SIZE = 4 << 10;

    private final BufferPool pool = new BufferPool(2L * SIZE * PAIRS);

    private List<BufferPool.Pair> takeAll(BufferPool.Share share, int count) throws Exception {
        List<BufferPool.Pair> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(share.take(SIZE, SIZE));
        }
        return all;
    }

    @Test
    void oneUserLeavesSomeToTheOthers() throws Exception {
        BufferPool.Share greedy = pool.share();
        List<BufferPool.Pair> held = takeAll(greedy, PAIRS * 3 / 4);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<BufferPool.Pair> more = threads.submit(() -> greedy.take(SIZE, SIZE));
            takeAll(pool.share(), PAIRS / 4).forEach(BufferPool.Pair::close);
            assertThat(more.isDone()).isFalse();
            held.removeLast().close();
            more.get().close();
        }
    }

    @Test
    void greedyUsersLeaveEachOtherOneItsOwnPart() throws Exception {
        BufferPool.Share careful = pool.share();
        List<Future<?>> waiting = new ArrayList<>();
        List<BufferPool.Share> greedy = List.of(pool.share(), pool.share(), pool.share());
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (BufferPool.Share share : greedy) {
                for (int i = 0; i < PAIRS; i++) {
                    waiting.add(threads.submit(() -> share.take(SIZE, SIZE)));
                }
            }
            for (int round = 0; round < 100; round++) {
                careful.take(SIZE, SIZE).close();
            }
            assertThat(waiting.stream().filter(Future::isDone).count())
                    .isLessThan(greedy.size() * PAIRS);
            waiting.forEach(one -> one.cancel(true));
        }
    }

    @Test
    void whoHasNothingUnderWayIsNotKeptWaiting() throws Exception {
        List<BufferPool.Pair> held = new ArrayList<>();
        for (int user = 0; user < 5 * PAIRS; user++) {
            held.add(pool.share().take(SIZE, SIZE));
        }
        assertThat(held).doesNotContainNull();
    }

    @Test
    void roomOfWhoGaveUpWaitingIsForTheNext() throws Exception {
        BufferPool.Share share = pool.share();
        List<BufferPool.Pair> held = takeAll(share, PAIRS * 3 / 4);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<BufferPool.Pair> large = threads.submit(() -> share.take(4 * SIZE, 4 * SIZE));
            Future<BufferPool.Pair> small = threads.submit(() -> share.take(SIZE, SIZE));
            large.cancel(true);
            held.removeLast().close();
            small.get().close();
        }
    }

    @Test
    void theMemoryOfIdleBuffersIsForThoseOfAnotherSize() throws Exception {
        IdleBuffers idle = new IdleBuffers(8L * SIZE);
        for (int size = SIZE; size <= 8 * SIZE; size *= 2) {
            List<IdleBuffers.Buffer> all = new ArrayList<>();
            for (int i = 0; i < 8 * SIZE / size; i++) {
                all.add(idle.take(size));
            }
            assertThat(idle.allocated()).isEqualTo(8L * SIZE);
            all.forEach(idle::recycle);
        }
        idle.clear();
        assertThat(idle.allocated()).isZero();
    }

    @Test
    void whatWasWrittenOffIsReplacedAndNeverGivenToOthers() throws Exception {
        BufferPool.Share share = pool.share();
        List<BufferPool.Pair> hanging = takeAll(share, PAIRS * 3 / 4);
        Set<ByteBuffer> theirs = Collections.newSetFromMap(new IdentityHashMap<>());
        for (BufferPool.Pair pair : hanging) {
            theirs.add(pair.first());
            theirs.add(pair.second());
            pair.writeOff();
            pair.writeOff();
        }
        List<BufferPool.Pair> fresh = takeAll(share, PAIRS * 3 / 4);
        hanging.forEach(BufferPool.Pair::close);
        fresh.forEach(BufferPool.Pair::close);
        for (BufferPool.Pair pair : takeAll(share, PAIRS * 3 / 4)) {
            assertThat(theirs.contains(pair.first()) || theirs.contains(pair.second())).isFalse();
        }
    }

    @Test
    void noMoreIsWrittenOffThanTheBudget() throws Exception {
        BufferPool.Share share = pool.share();
        List<BufferPool.Pair> first = takeAll(share, PAIRS / 2);
        first.forEach(BufferPool.Pair::writeOff);
        List<BufferPool.Pair> second = takeAll(share, PAIRS / 2);
        second.forEach(BufferPool.Pair::writeOff);
        List<BufferPool.Pair> third = takeAll(share, PAIRS * 3 / 4);
        third.forEach(BufferPool.Pair::writeOff);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<BufferPool.Pair> more = threads.submit(() -> share.take(SIZE, SIZE));
            takeAll(pool.share(), PAIRS / 4).forEach(BufferPool.Pair::close);
            assertThat(more.isDone()).isFalse();
            third.removeFirst().close();
            more.get().close();
        }
    }

    /** A turn is counted for each pair that is given back: 2^31 are some weeks of a busy server. */
    @Test
    void turnsAreTakenHoweverManyThereWere() throws Exception {
        BufferPool.Share share = pool.share();
        BufferPool.Share _ = pool.share();
        Field turn = BufferPool.class.getDeclaredField("turn");
        turn.setAccessible(true);
        turn.setInt(pool, Integer.MAX_VALUE);
        for (int i = 0; i < 3; i++) {
            share.take(SIZE, SIZE).close();
        }
        assertThat(turn.getInt(pool)).isNegative();
    }

    @Test
    void whoWaitsInAShareThatIsClosedStillGetsItsTurn() throws Exception {
        BufferPool.Share share = pool.share();
        share.close();
        List<BufferPool.Pair> held = takeAll(share, PAIRS * 3 / 4);
        FutureTask<BufferPool.Pair> more = new FutureTask<>(() -> share.take(SIZE, SIZE));
        Thread waiter = Thread.ofVirtual().start(more);
        while (waiter.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        held.forEach(BufferPool.Pair::close);
        more.get().close();
    }

    @Test
    void aPairThatCannotBeHadLeavesTheRoomAsItWas() throws Exception {
        BufferPool.Share share = pool.share();
        assertThatThrownBy(() -> share.take(1 << 30, (1 << 30) + 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1073741825 bytes");
        takeAll(share, PAIRS * 3 / 4).forEach(BufferPool.Pair::close);
    }

    @Test
    void aBufferThatCannotBeHadDoesNotCount() {
        IdleBuffers idle = new IdleBuffers(SIZE);
        assertThatThrownBy(() -> idle.take(Integer.MAX_VALUE));
        assertThat(idle.allocated()).isZero();
    }
}
