package org.netloop.frontend.nbd;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;

/** A client is stuck when it takes nothing, not when it is slow. */
@Timeout(60)
class LaneTest {
    private static final long MOST = Duration.ofSeconds(60).toNanos();

    private long now = 1;
    private final List<Boolean> stuck = new ArrayList<>();
    private final Memory memory = new Memory(16 << 20, 4);

    /** Takes some bytes at a time, each time after a pause. */
    private final class Slow implements WritableByteChannel {
        private final int bytes;
        private final Duration pause;

        private Slow(int bytes, Duration pause) {
            this.bytes = bytes;
            this.pause = pause;
        }

        @Override
        public int write(ByteBuffer from) {
            now += pause.toNanos();
            stuck.add(lane().isStuck(now, MOST));
            int count = Math.min(bytes, from.remaining());
            from.position(from.position() + count);
            return count;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }

    private Lane lane = new Lane(new Slow(1, Duration.ZERO), memory, () -> now);

    private Lane lane() {
        return lane;
    }

    @Test
    void aSlowClientIsNotStuckAndOneThatTakesNothingIs() throws IOException {
        lane = new Lane(new Slow(1000, Duration.ofSeconds(59)), memory, () -> now);
        lane.send(ByteBuffer.allocate(100_000));
        assertThat(stuck).hasSize(100).containsOnly(false);
        assertThat(lane.isStuck(now, MOST)).isFalse();

        stuck.clear();
        lane = new Lane(new Slow(1000, Duration.ofSeconds(61)), memory, () -> now);
        lane.send(ByteBuffer.allocate(1000));
        assertThat(stuck).containsExactly(true);
        assertThat(lane.isStuck(now, MOST)).isFalse();
    }

    @Test
    void aQuietClientGivesItsBufferBackAndABusyOneDoesNot() {
        lane.lock();
        lane.own();
        CompletableFuture.runAsync(lane::rest).join();
        memory.trim();
        assertThat(memory.allocated()).isPositive();
        lane.unlock();
        lane.rest();
        memory.trim();
        assertThat(memory.allocated()).isZero();
    }

    @Test
    void aFewRequestsAreAlwaysAllowedHoweverManyOthersHave() throws Exception {
        Semaphore none = new Semaphore(0);
        InFlight inFlight = new InFlight(none);
        CompletableFuture<Void> release = new CompletableFuture<>();
        for (int i = 0; i < InFlight.GUARANTEED; i++) {
            inFlight.start(release::join);
        }
        Thread next = Thread.ofVirtual().unstarted(() -> start(inFlight));
        next.start();
        while (next.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        release.complete(null);
        next.join();
        inFlight.finish(Duration.ofSeconds(50));
        assertThat(inFlight.isEmpty()).isTrue();
        assertThat(none.availablePermits()).isZero();
    }

    private static void start(InFlight inFlight) {
        try {
            inFlight.start(() -> {});
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void permitsOfAllComeBack() throws Exception {
        Semaphore common = new Semaphore(3);
        InFlight inFlight = new InFlight(common);
        CompletableFuture<Void> release = new CompletableFuture<>();
        for (int i = 0; i < InFlight.GUARANTEED + 3; i++) {
            inFlight.start(release::join);
        }
        assertThat(common.availablePermits()).isZero();
        release.complete(null);
        inFlight.finish(Duration.ofSeconds(50));
        assertThat(common.availablePermits()).isEqualTo(3);
    }
}
