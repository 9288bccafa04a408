package org.netloop.frontend.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** How many threads answer a mount; requests are tickets here. */
class WorkersTest {
    private static final int MOST = 128;

    private final BlockingQueue<Runnable> requests = new LinkedBlockingQueue<>();
    private final AtomicInteger loops = new AtomicInteger();
    private final Semaphore entered = new Semaphore(0);
    private final CountDownLatch go = new CountDownLatch(1);
    private final CountDownLatch unmounted = new CountDownLatch(1);
    private final Workers workers = new Workers("test", this::loop);

    private void loop() {
        loops.incrementAndGet();
        try {
            while (unmounted.getCount() > 0) {
                Runnable request = requests.poll(1, TimeUnit.MILLISECONDS);
                if (request != null) {
                    request.run();
                }
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void slowRead() {
        workers.busy();
        entered.release();
        try {
            go.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            workers.free();
        }
    }

    @AfterEach
    void unmount() {
        go.countDown();
        unmounted.countDown();
    }

    private void read(int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            requests.add(this::slowRead);
        }
        assertThat(entered.tryAcquire(count, 30, TimeUnit.SECONDS)).as("all are read").isTrue();
    }

    @Test
    void oneMoreThanThereAreReadsThatWaitAnswers() throws InterruptedException {
        workers.start();
        read(7);
        CountDownLatch answered = new CountDownLatch(1);
        requests.add(answered::countDown);
        assertThat(answered.await(30, TimeUnit.SECONDS)).as("a look at the file").isTrue();
        assertThat(loops.get()).isEqualTo(8);
    }

    @Test
    void threadsAreUsedAgain() throws InterruptedException {
        workers.start();
        go.countDown();
        for (int i = 0; i < 1000; i++) {
            read(1);
        }
        assertThat(loops.get()).isLessThan(20);
    }

    @Test
    void thereAreNotMoreThanTheMost() throws InterruptedException {
        workers.start();
        for (int i = 0; i < 3 * MOST; i++) {
            requests.add(this::slowRead);
        }
        assertThat(entered.tryAcquire(MOST, 30, TimeUnit.SECONDS)).isTrue();
        go.countDown();
        assertThat(entered.tryAcquire(2 * MOST, 30, TimeUnit.SECONDS)).isTrue();
        assertThat(loops.get()).isEqualTo(MOST);
    }

    @Test
    void itEndsWhenAllHave() throws InterruptedException {
        workers.start();
        read(3);
        go.countDown();
        unmounted.countDown();
        workers.join();
        assertThat(loops.get()).isEqualTo(4);
    }
}
