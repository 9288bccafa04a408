package org.netloop.engine.lease;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;

@Timeout(60)
class BackendsTest {
    private final Backends<Object> backends =
            new Backends<>("thing", Duration.ofSeconds(5), (service, _) -> "bundle of " + service);

    @Test
    void theHighestRankingServesAKey() {
        backends.bind("low", Set.of("k"), Map.of("service.ranking", 1));
        backends.bind("high", Set.of("k"), Map.of("service.ranking", 2));
        try (Use<Object> use = backends.enter("k")) {
            assertThat(use).isNotNull();
            assertThat(use.service()).isEqualTo("high");
        }
        backends.unbind("high");
        try (Use<Object> use = backends.enter("k")) {
            assertThat(use).isNotNull();
            assertThat(use.service()).isEqualTo("low");
        }
    }

    @Test
    void theKeysOfBetterRankedServicesComeFirst() {
        backends.bind("plain", Set.of("a", "b"), Map.of());
        backends.bind("usual", Set.of("c"), Map.of("service.ranking", 1));
        backends.bind("rare", Set.of("d"), Map.of("service.ranking", -1));
        assertThat(backends.keysByRank()).containsExactly("c", "a", "b", "d");
        assertThat(backends.keys()).containsExactly("a", "b", "c", "d");
    }

    @Test
    void whatNeverCameIsNotWaitedFor() throws Exception {
        assertThat(backends.enter("k", Duration.ofHours(1))).isNull();
    }

    @Test
    void theFirstThatSuitsIsEnteredOrItsSuccessorWaitedFor() throws Exception {
        backends.bind("no", Set.of("a"), Map.of());
        assertThat(backends.enterFirst("yes"::equals, Duration.ofHours(1))).isNull();
        backends.bind("yes", Set.of("b"), Map.of());
        backends.unbind("yes");
        FutureTask<Use<Object>> entering =
                new FutureTask<>(() -> backends.enterFirst("yes"::equals, Duration.ofHours(1)));
        waiting(entering);
        backends.bind("yes", Set.of("b"), Map.of());
        try (Use<Object> use = entering.get()) {
            assertThat(use.service()).isEqualTo("yes");
        }
        // Nobody was left inside of the one that did not suit.
        backends.unbind("no");
    }

    @Test
    void aServiceThatLeftIsWaitedForAndItsSuccessorEntered() throws Exception {
        backends.bind("old", Set.of("k"), Map.of());
        backends.unbind("old");
        FutureTask<Use<Object>> entering =
                new FutureTask<>(() -> backends.enter("k", Duration.ofHours(1)));
        waiting(entering);
        backends.bind("other", Set.of("other"), Map.of());
        backends.bind("new", Set.of("k"), Map.of());
        try (Use<Object> use = entering.get()) {
            assertThat(use.service()).isEqualTo("new");
        }
    }

    /** Starts what is to wait for a service, and returns once it does. */
    private static void waiting(FutureTask<?> task) {
        Thread thread = Thread.ofPlatform().start(task);
        while (thread.getState() != Thread.State.TIMED_WAITING) {
            assertThat(task).isNotDone();
            Thread.onSpinWait();
        }
    }

    @Test
    void oneThatIsThereIsNotWaitedFor() throws Exception {
        backends.bind("s", Set.of("k"), Map.of());
        try (Use<Object> use = backends.enter("k", Duration.ZERO)) {
            assertThat(use).isNotNull();
        }
    }

    @Test
    void whoeverIsInterruptedWhileOneLeavesStaysInterrupted() {
        backends.bind("s", Set.of("k"), Map.of());
        try (Use<Object> use = backends.enter("k")) {
            assertThat(use).isNotNull();
            Thread.currentThread().interrupt();
            backends.unbind("s");
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void noneIsWaitedForLongerThanThePatience() throws Exception {
        backends.bind("s", Set.of("k"), Map.of());
        backends.unbind("s");
        assertThat(backends.enter("k", Duration.ofMillis(1))).isNull();
        assertThat(backends.enterFirst(_ -> true, Duration.ofMillis(1))).isNull();
    }

    @Test
    void onlyThoseWantedAreEntered() {
        backends.bind("a", Set.of("k"), Map.of("service.ranking", 1));
        backends.bind("b", Set.of("k"), Map.of());
        try (Use<Object> use = backends.enter("k", "b"::equals)) {
            assertThat(use).isNotNull();
            assertThat(use.service()).isEqualTo("b");
        }
        assertThat(backends.enter("k", "c"::equals)).isNull();
        assertThat(backends.states()).allMatch(state -> state.inside() == 0);
    }

    @Test
    void oneThatCannotTellDoesNotSuitAndNobodyStaysInside() throws Exception {
        backends.bind("fails", Set.of("a"), Map.of());
        backends.bind("suits", Set.of("b"), Map.of());
        Use.Call<Object, Boolean> suits =
                service -> {
                    if (service.equals("fails")) {
                        throw new IllegalStateException("cannot tell");
                    }
                    return true;
                };
        try (Use<Object> use = backends.enterFirst(suits, Duration.ZERO)) {
            assertThat(use).isNotNull();
            assertThat(use.service()).isEqualTo("suits");
            assertThat(backends.states()).extracting(BackendState::inside).containsExactly(0, 1);
        }
        assertThat(backends.states()).extracting(BackendState::faults).containsExactly(1L, 0L);
    }

    @Test
    void thoseThatAreThereAreCounted() {
        backends.bind("a", Set.of("k"), Map.of());
        backends.bind("b", Set.of("k", "l"), Map.of());
        assertThat(backends.count("k")).isEqualTo(2);
        assertThat(backends.count("l")).isEqualTo(1);
        assertThat(backends.count("m")).isZero();
        assertThat(backends.has("a")).isTrue();
        backends.unbind("a");
        backends.unbind("a");
        assertThat(backends.has("a")).isFalse();
        assertThat(backends.count("k")).isEqualTo(1);
    }

    @Test
    void ofEqualRanksTheOlderServiceIsEntered() {
        backends.bind("young", Set.of("k"), Map.of("service.id", 9L));
        backends.bind("old", Set.of("k"), Map.of("service.id", 3L));
        try (Use<Object> use = backends.enter("k")) {
            assertThat(use).isNotNull();
            assertThat(use.service()).isEqualTo("old");
        }
    }

    @Test
    void whoAskedIsToldThatAServiceLeavesUntilItAsksNoMore() throws Exception {
        backends.bind("s", Set.of("k"), Map.of());
        CountDownLatch told = new CountDownLatch(1);
        AtomicBoolean silenced = new AtomicBoolean();
        backends.whenGone("s", told::countDown);
        backends.whenGone("s", () -> silenced.set(true)).close();
        assertThat(told.getCount()).isEqualTo(1);
        backends.unbind("s");
        told.await();
        CountDownLatch atOnce = new CountDownLatch(1);
        backends.whenGone("s", atOnce::countDown).close();
        atOnce.await();
        assertThat(silenced).isFalse();
    }

    @Test
    void leavingWaitsForWhoIsInside() throws Exception {
        backends.bind("s", Set.of("k"), Map.of());
        Use<Object> inside = backends.enter("k");
        assertThat(inside).isNotNull();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> leaving = threads.submit(() -> backends.unbind("s"));
            while (backends.enter("k") instanceof Use<Object> use) {
                use.close();
            }
            assertThat(leaving.isDone()).isFalse();
            inside.close();
            leaving.get();
        }
    }

    /** A service counts who is inside; after it was unbound nobody may be. */
    @Test
    void nobodyIsInsideAServiceThatLeft() throws Exception {
        for (int round = 0; round < 2000; round++) {
            AtomicBoolean closed = new AtomicBoolean();
            backends.bind(closed, Set.of("k"), Map.of());
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<Boolean>> entries = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                    entries.add(
                            threads.submit(
                                    () -> {
                                        try (Use<Object> use = backends.enter("k")) {
                                            Thread.yield();
                                            return use == null
                                                    || !((AtomicBoolean) use.service()).get();
                                        }
                                    }));
                }
                backends.unbind(closed);
                closed.set(true);
                for (Future<Boolean> entry : entries) {
                    assertThat(entry.get()).isTrue();
                }
            }
        }
    }
}
