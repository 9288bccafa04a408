package org.netloop.engine.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/** Tests what a mirror need not send again, and what it is not even asked for. */
@Timeout(60)
class RootMemoryTest {
    private static final URI ROOT = URI.create("test://a/stable.json");
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final AtomicLong clock = new AtomicLong();
    private final RootMemory memory = new RootMemory(clock::get);

    private static ByteBuffer bytes(int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length);
        for (int value : values) {
            bytes.put((byte) value);
        }
        return bytes.flip();
    }

    private void pass(Duration time) {
        clock.addAndGet(time.toNanos());
    }

    private void sent(@Nullable String validator, int... values) {
        memory.sent(ROOT, bytes(values), validator);
    }

    @Test
    void whatMayHaveChangedWithinTheResolutionOfItsValidatorIsSentAgain() {
        sent("\"1\"", 1);
        assertThat(memory.kept(ROOT)).isNull();
        pass(SECOND);
        sent("\"1\"", 2);
        assertThat(memory.kept(ROOT)).isNull();
        pass(SECOND);
        sent("\"1\"", 2);
        assertThat(memory.kept(ROOT)).isEqualTo(new RootMemory.Kept(bytes(2), "\"1\""));
        pass(SECOND);
        sent("\"2\"", 2);
        assertThat(memory.kept(ROOT)).isNull();
    }

    @Test
    void whatHasNoValidatorIsSentAgain() {
        sent(null, 1);
        pass(SECOND.multipliedBy(9));
        sent(null, 1);
        assertThat(memory.kept(ROOT)).isNull();
        assertThat(memory.notOlder(ROOT, SECOND)).isEqualTo(bytes(1));
    }

    @Test
    void anAnswerThatIsYoungEnoughIsForAll() {
        assertThat(memory.notOlder(ROOT, SECOND)).isNull();
        sent("\"1\"", 1);
        assertThat(memory.notOlder(ROOT, Duration.ZERO)).isNull();
        assertThat(memory.notOlder(ROOT, SECOND)).isEqualTo(bytes(1));
        pass(SECOND);
        assertThat(memory.notOlder(ROOT, SECOND)).isNull();
        memory.confirmed(ROOT);
        assertThat(memory.notOlder(ROOT, SECOND)).isEqualTo(bytes(1));
    }

    @Test
    void whatIsKeptIsBounded() {
        for (int i = 0; i < 9; i++) {
            memory.sent(URI.create("test://a/" + i), ByteBuffer.allocate(1 << 20), "\"1\"");
        }
        assertThat(memory.notOlder(URI.create("test://a/8"), SECOND)).isNotNull();
        assertThat(memory.notOlder(URI.create("test://a/5"), SECOND)).isNotNull();
        assertThat(memory.notOlder(URI.create("test://a/4"), SECOND)).isNull();
        memory.sent(ROOT, ByteBuffer.allocate(5 << 20), "\"1\"");
        assertThat(memory.notOlder(ROOT, SECOND)).isNull();
    }

    @Test
    void whoAsksAtTheSameTimeWaitsForTheFirstAndForNobodyElse() throws Exception {
        CountDownLatch waits = new CountDownLatch(1);
        Thread second;
        Thread third;
        try (RootMemory.Turn _ = memory.turn(ROOT, ScriptedMirrors.later())) {
            second = Thread.ofVirtual().start(() -> take(waits));
            third = Thread.ofVirtual().start(() -> take(waits));
            while (!isWaiting(second) || !isWaiting(third)) {
                Thread.onSpinWait();
            }
            assertThat(waits.getCount()).isOne();
        }
        waits.await();
        second.join();
        third.join();
    }

    private static boolean isWaiting(Thread thread) {
        return thread.getState() == Thread.State.TIMED_WAITING;
    }

    /** Has its turn for ever: nobody may wait for it. */
    private void take(CountDownLatch had) {
        try {
            RootMemory.Turn _ = memory.turn(ROOT, ScriptedMirrors.later());
            had.countDown();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
