package org.netloop.frontend.nbd;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.netloop.frontend.nbd.Buffers.Buffer;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/** All clients stay within one budget, and nobody is left without. */
@Timeout(60)
class MemoryTest {
    private static final long BUDGET = 96 << 20;

    @Test
    void aClientAloneGetsAHalfOfWhatIsCommon() {
        Memory memory = new Memory(BUDGET, 256);
        Memory.Share share = memory.share(new Memory.Account());
        assertThat(takeAll(share, 1 << 20)).hasSizeBetween(12, 16);
    }

    @Test
    void everyClientGetsSomethingHoweverMuchOthersHold() {
        Memory memory = new Memory(BUDGET, 256);
        for (int i = 0; i < 100; i++) {
            Memory.Share greedy = memory.share(new Memory.Account());
            takeAll(greedy, 1 << 20);
            takeAll(greedy, 64 << 10);
        }
        assertThat(memory.share(new Memory.Account()).tryTake(4096)).isNotNull();
    }

    @Test
    void theClientsOfOneVolumeLeaveSomeToThoseOfAnother() {
        Memory memory = new Memory(BUDGET, 256);
        Memory.Account dead = new Memory.Account();
        for (int i = 0; i < 100; i++) {
            takeAll(memory.share(dead), 256 << 10);
        }
        Memory.Share other = memory.share(new Memory.Account());
        assertThat(takeAll(other, 256 << 10)).hasSizeGreaterThan(15);
    }

    private static List<Buffer> takeAll(Memory.Share share, int length) {
        List<Buffer> taken = new ArrayList<>();
        for (Buffer one = share.tryTake(length); one != null; one = share.tryTake(length)) {
            taken.add(one);
        }
        return taken;
    }

    @Test
    void whoHoldsSomethingWaitsForItAndWhoHoldsNothingDoesNot() throws Exception {
        Memory memory = new Memory(4 << 20, 4);
        Memory.Share share = memory.share(new Memory.Account());
        List<Buffer> held = takeAll(share, 4096);
        assertThat(held).isNotEmpty();
        CompletableFuture<Buffer> waiting = new CompletableFuture<>();
        Thread waiter =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    try {
                                        waiting.complete(share.take(4096));
                                    } catch (InterruptedException e) {
                                        waiting.completeExceptionally(e);
                                    }
                                });
        while (waiter.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        share.give(held.getFirst());
        share.give(held.getLast());
        assertThat(waiting.get()).isNotNull();

        Memory small = new Memory(4 << 20, 4);
        for (int i = 0; i < 100; i++) {
            takeAll(small.share(new Memory.Account()), 4096);
        }
        assertThat(small.share(new Memory.Account()).take(1 << 20)).isNull();
    }

    /** Buffers of one size are freed where those of another need their room. */
    @Test
    void theBudgetIsKeptWhateverSizesAreAskedFor() {
        Memory memory = new Memory(BUDGET, 256);
        Random random = new Random(20_061_124);
        Memory.Share share = memory.share(new Memory.Account());
        List<Buffer> held = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            Buffer fresh = share.tryTake(1 + random.nextInt(1 << random.nextInt(1, 21)));
            if (fresh != null) {
                held.add(fresh);
            }
            if (fresh == null || random.nextInt(20) == 0) {
                held.forEach(share::give);
                held.clear();
            }
            assertThat(memory.allocated()).isLessThanOrEqualTo(BUDGET);
        }
        held.forEach(share::give);
        memory.trim();
        assertThat(memory.allocated()).isZero();
    }

    @Test
    void allSeatsHaveABufferWithinTheBudget() {
        for (long budget : new long[] {1 << 20, 8 << 20, BUDGET, 1 << 30}) {
            Memory memory = new Memory(budget, 256);
            for (int i = 0; i < memory.clients(); i++) {
                assertThat(memory.takeOwn().bytes().capacity()).isGreaterThan(memory.ownLength());
            }
            assertThat(memory.allocated()).isLessThanOrEqualTo(Math.max(budget, 4 << 20));
        }
    }
}
