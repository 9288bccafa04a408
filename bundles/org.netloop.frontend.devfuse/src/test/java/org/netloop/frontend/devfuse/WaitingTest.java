package org.netloop.frontend.devfuse;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.netloop.api.mount.WaitingRequests;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/** Tests what becomes of requests that wait, without a kernel. */
@Timeout(60)
class WaitingTest {
    private static final int KILLED = 7;

    private final Share share = new Share();
    private final CountDownLatch never = new CountDownLatch(1);

    /** Takes every answer. */
    private static final class Answered implements Device {
        final CountDownLatch one = new CountDownLatch(1);

        @Override
        public long receive(MemorySegment into, MemorySegment state) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long send(MemorySegment message, long length, MemorySegment state) {
            one.countDown();
            return 0;
        }
    }

    /** Adds a request of a killed reader just when the watcher has seen that none is left. */
    private final class Late extends WaitingRequests {
        private final AtomicBoolean added = new AtomicBoolean();
        private @Nullable Waiting waiting;

        Late() {
            super(asker -> asker == KILLED);
        }

        @Override
        public boolean isEmpty() {
            boolean empty = super.isEmpty();
            if (empty && waiting != null && added.compareAndSet(false, true)) {
                waiting.add(2, KILLED, share, 0, _ -> never.await());
            }
            return empty;
        }
    }

    @Test
    void aKilledReaderIsLetGoThoughItCameWhenTheWatcherWasAboutToEnd() throws Exception {
        Answered device = new Answered();
        Late all = new Late();
        Waiting waiting = new Waiting(device, all);
        all.waiting = waiting;
        waiting.add(1, KILLED + 1, share, 0, _ -> {});
        device.one.await();
        assertThat(waiting.count()).isLessThanOrEqualTo(1);
    }

    @Test
    void aReadThatComesWhenItsFileIsGoneIsAnsweredAtOnce() throws Exception {
        Answered device = new Answered();
        Waiting waiting = new Waiting(device, new WaitingRequests(_ -> false));
        waiting.giveUp(share);
        waiting.add(1, KILLED, share, 0, _ -> never.await());
        device.one.await();
        assertThat(never.getCount()).isEqualTo(1);
    }
}
