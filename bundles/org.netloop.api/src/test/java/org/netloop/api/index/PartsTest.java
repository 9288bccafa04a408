package org.netloop.api.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.netloop.api.transport.FetchException;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

class PartsTest {
    /** Size of a part of which a map keeps four. */
    private static final int QUARTER = 8 << 20;

    private final List<Long> loads = new ArrayList<>();
    private final AtomicInteger grown = new AtomicInteger();
    private final Parts<String> parts = new Parts<>(QUARTER, this::load, grown::incrementAndGet);

    private synchronized String load(long number) throws FetchException {
        loads.add(number);
        if (number == 13) {
            throw new FetchException.Missing("part 13");
        }
        if (number == 14) {
            throw new IllegalStateException("a defect");
        }
        return "part " + number;
    }

    @Test
    void aPartIsLoadedOnce() throws Exception {
        assertThat(parts.ifLoaded(7)).isNull();
        assertThat(parts.get(7)).isEqualTo("part 7");
        assertThat(parts.get(7)).isEqualTo("part 7");
        assertThat(parts.ifLoaded(7)).isEqualTo("part 7");
        assertThat(loads).containsExactly(7L);
        assertThat(grown).hasValue(1);
        assertThat(parts.bytes()).isEqualTo(QUARTER);
    }

    @Test
    void noMorePartsAreKeptThanFit() throws Exception {
        for (long number = 100; number > 0; number -= 3) {
            if (number != 13) {
                parts.get(number);
            }
            assertThat(parts.bytes()).isLessThanOrEqualTo(4L * QUARTER);
        }
        assertThat(parts.bytes()).isEqualTo(4L * QUARTER);
    }

    @Test
    void whatIsAskedForOftenStays() throws Exception {
        for (long number = 20; number < 60; number++) {
            parts.get(5);
            parts.get(number);
        }
        assertThat(loads).containsOnlyOnce(5L);
    }

    @Test
    void aFailureIsToldAndNotRemembered() {
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> parts.get(13)).isInstanceOf(FetchException.Missing.class);
            assertThatThrownBy(() -> parts.get(14))
                    .isInstanceOf(FetchException.Unavailable.class)
                    .hasMessageContaining("part 14 of the map cannot be loaded")
                    .hasMessageContaining("a defect");
        }
        assertThat(loads).containsExactly(13L, 14L, 13L, 14L);
        assertThat(parts.bytes()).isZero();
    }

    @Test
    void partsAreFoundByWhatTheyHold() throws Exception {
        Parts<String> words = new Parts<>(1, number -> "bdfhj".substring((int) number), () -> {});
        Parts.Order<String> order = (part, key) -> part.charAt(0) - (char) key;
        for (long number : new long[] {4, 0, 2}) {
            words.get(number);
        }
        assertThat(words.ifLoaded('f', order)).isEqualTo("fhj");
        assertThat(words.ifLoaded('b', order)).isEqualTo("bdfhj");
        assertThat(words.ifLoaded('j', order)).isEqualTo("j");
        assertThat(words.ifLoaded('d', order)).isNull();
        assertThat(words.ifLoaded('z', order)).isNull();
    }

    @Test
    void partsAreDroppedDownToTwo() throws Exception {
        for (long number = 0; number < 4; number++) {
            parts.get(number);
        }
        assertThat(parts.dropOne()).isTrue();
        assertThat(parts.dropOne()).isTrue();
        assertThat(parts.dropOne()).isFalse();
        assertThat(parts.bytes()).isEqualTo(2L * QUARTER);
    }

    @Test
    void readersOfOnePartShareALoadingThatNoneOfThemInterrupts() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger count = new AtomicInteger();
        Parts<String> slow =
                new Parts<>(
                        1,
                        number -> {
                            count.incrementAndGet();
                            release.await();
                            return "part " + number;
                        },
                        () -> {});
        List<FutureTask<String>> readers = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            readers.add(new FutureTask<>(() -> slow.get(3)));
            threads.add(Thread.ofVirtual().start(readers.getLast()));
        }
        threads.getFirst().interrupt();
        assertThatThrownBy(() -> readers.getFirst().get(60, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(InterruptedException.class);
        release.countDown();
        for (FutureTask<String> reader : readers.subList(1, 4)) {
            assertThat(reader.get(60, TimeUnit.SECONDS)).isEqualTo("part 3");
        }
        assertThat(count).hasValue(1);
    }

    @Test
    void aPartOfNoSizeIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Parts<>(0, this::load, () -> {}))
                .withMessageContaining("0 bytes");
    }
}
