package org.netloop.engine.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.netloop.engine.lease.BackendState.Condition;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Tests which of two backends is entered while one of them breaks its contract. */
@Timeout(60)
class HealthTest {
    private final AtomicLong now = new AtomicLong();
    private final Backends<String> backends =
            new Backends<>(
                    "thing",
                    Duration.ofMillis(50),
                    (service, _) -> "bundle of " + service,
                    () -> now.get());

    private HealthTest() {
        backends.bind("good", Set.of("k"), Map.of());
        backends.bind("bad", Set.of("k"), Map.of("service.ranking", 1));
    }

    private void aMillisecondPasses() {
        // No pause is as long as an hour: what waits for its end would wait for ever.
        assertThat(now.addAndGet(1_000_000)).isLessThan(Duration.ofHours(1).toNanos());
    }

    private String entered() {
        try (Use<String> use = backends.enter("k")) {
            return use == null ? "none" : use.service();
        }
    }

    private void fail() {
        try (Use<String> use = backends.enter("k")) {
            assertThat(use).isNotNull();
            assertThatThrownBy(() -> use.call(HealthTest::defect))
                    .isInstanceOf(BackendException.class)
                    .hasMessage(
                            "thing k of bundle of bad failed: java.lang.AssertionError: on request");
        }
    }

    private static String defect(String service) {
        throw new AssertionError("on request");
    }

    private long awaitTurnOf(String wanted) {
        long began = now.get();
        while (!entered().equals(wanted)) {
            aMillisecondPasses();
        }
        return TimeUnit.NANOSECONDS.toMillis(now.get() - began);
    }

    @Test
    void aBackendThatFailedIsTriedAgainByOneAtATimeAfterPausesThatGrow() throws Exception {
        fail();
        assertThat(entered()).isEqualTo("good");
        assertThat(awaitTurnOf("bad")).isBetween(150L, 5000L);
        assertThat(entered()).isEqualTo("good");
        while (!entered().equals("bad")) {
            aMillisecondPasses();
        }
        BackendState state = backends.states().getFirst();
        assertThat(state.condition()).isEqualTo(Condition.QUARANTINED);
        assertThat(state.origin()).isEqualTo("bundle of bad");
        assertThat(state.faults()).isEqualTo(1);
        assertThat(state.lastFault()).contains("on request");
    }

    @Test
    void aBackendThatHungIsLeftAloneUntilItComesOut() throws Exception {
        Trail trail = new Trail();
        trail.run(
                () -> {
                    try (Use<String> use = backends.enter("k")) {
                        assertThat(use).isNotNull();
                        // While it is inside, its reader gives it up.
                        String blamed = use.call(_ -> String.valueOf(trail.blame()));
                        assertThat(blamed).isNotEmpty();
                    } catch (BackendException | InterruptedException e) {
                        throw new AssertionError(e);
                    }
                });
        BackendState state = backends.states().getFirst();
        assertThat(state.condition()).isEqualTo(Condition.HANGING);
        assertThat(entered()).isEqualTo("good");
        awaitTurnOf("bad");
    }

    @Test
    void eachFaultDoublesThePauseAndASuccessHalvesIt() throws Exception {
        long[] pauses = new long[3];
        for (int i = 0; i < pauses.length; i++) {
            long began = now.get();
            failOnceEntered();
            pauses[i] = TimeUnit.NANOSECONDS.toMillis(now.get() - began);
        }
        assertThat(pauses[1]).isGreaterThanOrEqualTo(150);
        assertThat(pauses[2]).isGreaterThanOrEqualTo(400);
        assertThat(backends.states().getFirst().faults()).isEqualTo(3);
        for (int i = 0; i < pauses.length; i++) {
            succeedOnceEntered();
        }
        assertThat(backends.states().getFirst().condition()).isEqualTo(Condition.WELL);
    }

    /** Enters the bad backend as soon as it is its turn. */
    private Use<String> enterTheBad() {
        while (true) {
            Use<String> use = backends.enter("k");
            if (use != null && use.service().equals("bad")) {
                return use;
            }
            if (use != null) {
                use.close();
            }
            aMillisecondPasses();
        }
    }

    private void failOnceEntered() {
        try (Use<String> use = enterTheBad()) {
            assertThatThrownBy(() -> use.call(HealthTest::defect))
                    .isInstanceOf(BackendException.class);
        }
    }

    private void succeedOnceEntered() throws Exception {
        try (Use<String> use = enterTheBad()) {
            assertThat(use.call(String::length)).isEqualTo(3);
        }
    }

    @Test
    void faultsOfOperationsThatWereUnderWayCountAndExtendNothing() throws Exception {
        try (Use<String> first = backends.enter("k");
                Use<String> second = backends.enter("k")) {
            assertThat(first).isNotNull();
            assertThat(second).isNotNull();
            for (Use<String> use : List.of(first, second)) {
                assertThatThrownBy(() -> use.call(HealthTest::defect))
                        .isInstanceOf(BackendException.class);
            }
        }
        assertThat(backends.states().getFirst().faults()).isEqualTo(2);
        // One success makes good what was held against it once.
        succeedOnceEntered();
        assertThat(backends.states().getFirst().condition()).isEqualTo(Condition.WELL);
    }

    @Test
    void theOnlyOneOfItsKeyIsEnteredHoweverItDoes() {
        backends.unbind("good");
        fail();
        assertThat(entered()).isEqualTo("bad");
        assertThat(backends.enterIfWell("k")).isNull();
    }

    @Test
    void whatTheContractSaysIsNoFault() {
        try (Use<String> use = backends.enter("k")) {
            assertThat(use).isNotNull();
            assertThatThrownBy(
                            () ->
                                    use.call(
                                            IOException.class,
                                            _ -> {
                                                throw new IOException("full");
                                            }))
                    .isInstanceOf(IOException.class)
                    .hasMessage("full");
        }
        assertThat(backends.states()).allMatch(state -> state.condition() == Condition.WELL);
    }

    @Test
    void oneThatLetsNobodyOutIsLeftAloneUntilItDoes() throws Exception {
        Use<String> inside = backends.enter("k");
        assertThat(inside).isNotNull();
        awaitTurnOf("good");
        assertThat(backends.states().getFirst().condition()).isEqualTo(Condition.HANGING);
        assertThat(backends.states().getFirst().inside()).isEqualTo(1);
        assertThat(backends.states().getFirst().faults()).isEqualTo(1);
        inside.close();
        awaitTurnOf("bad");
        assertThat(backends.states().getFirst().condition()).isEqualTo(Condition.WELL);
    }
}
