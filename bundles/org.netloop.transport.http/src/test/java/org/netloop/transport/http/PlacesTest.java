package org.netloop.transport.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

@Timeout(90)
class PlacesTest {
    private final Places places = new Places(40, 80);
    private final Deque<Places.Place> taken = new ArrayDeque<>();

    private static Origin origin(int number) {
        return new Origin("http", "mirror" + number, 80);
    }

    private static long in(long millis) {
        return System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    }

    private void take(int origin, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            taken.add(places.take(origin(origin), in(60_000)));
        }
    }

    private void refuses(int origin) {
        assertThatThrownBy(() -> places.take(origin(origin), in(1)))
                .isInstanceOf(TimeoutException.class);
    }

    @Test
    void anOriginGetsAQuarterOfTheSharedOnes() throws Exception {
        assertThat(places.each()).isEqualTo(20);
        take(0, 20);
        refuses(0);
    }

    @Test
    void howeverManyOriginsHoldAllTheyCanAnotherOneFindsPlaces() throws Exception {
        // 12 each beyond their own eight: seven origins take all that is shared.
        for (int i = 0; i < 6; i++) {
            take(i, 20);
        }
        take(6, 16);
        refuses(6);
        for (int i = 7; i < 100; i++) {
            take(i, 8);
            refuses(i);
        }
        assertThat(taken.size()).isLessThanOrEqualTo(places.all());
    }

    @Test
    void whatIsGivenBackGoesToWhoeverWaitsForIt() throws Exception {
        for (int i = 0; i < 6; i++) {
            take(i, 20);
        }
        take(6, 16);
        BlockingQueue<Places.Place> had = new ArrayBlockingQueue<>(2);
        for (int origin : new int[] {0, 6}) {
            Thread.startVirtualThread(
                    () -> {
                        try {
                            had.add(places.take(origin(origin), in(60_000)));
                        } catch (Exception e) {
                            throw new AssertionError(e);
                        }
                    });
        }
        assertThat(had.poll(20, TimeUnit.MILLISECONDS)).isNull();
        // One of the first origin: for its own fetch, or as a shared one for the other origin's.
        taken.removeFirst().close();
        assertThat(had.take()).isNotNull();
        taken.removeFirst().close();
        assertThat(had.take()).isNotNull();
    }

    @Test
    void aPlaceThatNobodyTookInTimeIsNotLost() throws Exception {
        take(0, 20);
        refuses(0);
        taken.removeFirst().close();
        take(0, 1);
        taken.forEach(Places.Place::close);
        take(0, 20);
    }
}
