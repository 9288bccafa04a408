package org.netloop.cache.disk;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Tests that eviction goes on as long as there is need, and in spite of failures. */
@Timeout(60)
class EvictorTest {
    private final List<String> done = new ArrayList<>();
    private int need;
    private boolean broken;

    private boolean step() throws IOException {
        done.add("step");
        if (broken) {
            broken = false;
            throw new IOException("a bad file");
        }
        return need-- > 0;
    }

    @Test
    void itLooksThroughTheDirectoryAndThenEvictsWhileThereIsNeed() throws Exception {
        need = 2;
        try (Evictor evictor = new Evictor(() -> done.add("scan"), _ -> step())) {
            evictor.start();
            evictor.settle();
            assertThat(done).containsExactly("scan", "step", "step", "step");
        }
    }

    @Test
    void itRestsUntilItIsWoken() throws Exception {
        try (Evictor evictor = new Evictor(() -> {}, _ -> step())) {
            evictor.start();
            evictor.settle();
            done.clear();
            need = 1;
            evictor.wake();
            evictor.settle();
            assertThat(done).containsExactly("step", "step");
        }
    }

    @Test
    void aDirectoryThatCannotBeLookedThroughIsEvictedFromAllTheSame() throws Exception {
        Evictor.Scan failing =
                () -> {
                    throw new IOException("permission denied");
                };
        try (Evictor evictor = new Evictor(failing, _ -> step())) {
            evictor.start();
            evictor.settle();
            assertThat(done).containsExactly("step");
        }
    }

    @Test
    void aFailureDoesNotEndEvictionForGood() throws Exception {
        broken = true;
        try (Evictor evictor = new Evictor(() -> {}, _ -> step())) {
            evictor.start();
            evictor.settle();
            need = 1;
            evictor.wake();
            evictor.settle();
            assertThat(done).containsExactly("step", "step", "step");
        }
    }

    @Test
    void closingEndsAnEvictionThatWouldGoOn() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        Evictor evictor =
                new Evictor(
                        () -> {},
                        _ -> {
                            begun.countDown();
                            return true;
                        });
        evictor.start();
        begun.await();
        evictor.close();
        evictor.close();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }
}
