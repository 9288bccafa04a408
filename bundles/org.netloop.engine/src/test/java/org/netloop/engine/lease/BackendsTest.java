package org.netloop.engine.lease;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Use<Object>> entering =
                    threads.submit(() -> backends.enterFirst("yes"::equals, Duration.ofHours(1)));
            backends.bind("yes", Set.of("b"), Map.of());
            try (Use<Object> use = entering.get()) {
                assertThat(use.service()).isEqualTo("yes");
            }
        }
        // Nobody was left inside of the one that did not suit.
        backends.unbind("no");
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
