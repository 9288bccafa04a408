package org.netloop.engine.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Tests what becomes of what a backend returns and throws. */
@Timeout(60)
class UseTest {
    private final Backends<String> backends =
            new Backends<>("thing", Duration.ofSeconds(5), (_, _) -> "bundle");

    private UseTest() {
        backends.bind("s", Set.of("k"), Map.of("service.bundleid", 7L));
    }

    private Use<String> enter() {
        return Objects.requireNonNull(backends.enter("k"));
    }

    private BackendState state() {
        return backends.states().getFirst();
    }

    @Test
    void whatItReturnsIsReturnedAndNothingToo() throws Exception {
        try (Use<String> use = enter()) {
            assertThat(use.call(String::length)).isEqualTo(1);
            String found = use.find(_ -> "found");
            assertThat(found).isEqualTo("found");
            Object missing = use.<Object>find(_ -> null);
            assertThat(missing).isNull();
            assertThat(use.name()).isEqualTo("thing k of bundle");
            assertThat(state().inside()).isEqualTo(1);
        }
        assertThat(state().inside()).isZero();
        assertThat(state().faults()).isZero();
        assertThat(state().bundle()).isEqualTo(7);
    }

    @Test
    void onlyWhatTheContractSaysAndAnInterruptionComeThrough() {
        try (Use<String> use = enter()) {
            assertThatThrownBy(() -> use.call(IOException.class, _ -> raise(new IOException("x"))))
                    .isInstanceOf(IOException.class);
            assertThatThrownBy(() -> use.call(_ -> raise(new InterruptedException())))
                    .isInstanceOf(InterruptedException.class);
            assertThat(state().faults()).isZero();
            assertThatThrownBy(() -> use.call(_ -> raise(new IOException("x"))))
                    .isInstanceOf(BackendException.class)
                    .hasMessage("thing k of bundle failed: java.io.IOException: x");
            assertThatThrownBy(
                            () ->
                                    use.call(
                                            RuntimeException.class,
                                            _ -> raise(new IllegalStateException("y"))))
                    .isInstanceOf(BackendException.class)
                    .hasCauseInstanceOf(IllegalStateException.class);
            assertThat(state().faults()).isEqualTo(2);
        }
    }

    private static String raise(Exception thrown) throws Exception {
        throw thrown;
    }

    @Test
    void whatItIsBlamedForIsCounted() {
        try (Use<String> use = enter()) {
            use.blame("wrong bytes");
        }
        assertThat(state().faults()).isEqualTo(1);
        assertThat(state().lastFault()).isEqualTo("thing k of bundle failed: wrong bytes");
        assertThat(state().condition()).isEqualTo(BackendState.Condition.QUARANTINED);
    }

    @Test
    void aStandingUseKeepsNobodyInside() throws Exception {
        Use<String> standing;
        try (Use<String> use = enter()) {
            standing = use.standing();
        }
        assertThat(state().inside()).isZero();
        assertThat(standing.call(String::length)).isEqualTo(1);
        standing.close();
        assertThat(state().inside()).isZero();
        backends.unbind("s");
        assertThatThrownBy(() -> standing.call(_ -> raise(new IllegalStateException("late"))))
                .isInstanceOf(BackendException.class);
    }

    @Test
    void theMessageOfWhatItThrewMayThrow() {
        Throwable evil =
                new IllegalStateException() {
                    private static final long serialVersionUID = 1L;

                    @Override
                    public String toString() {
                        throw new IllegalStateException("again");
                    }
                };
        assertThat(BackendException.described(evil)).isEqualTo(evil.getClass().getName());
    }

    @Test
    void aTrailTellsTheBackendItIsInsideOfAndNoneOutside() {
        Trail trail = new Trail();
        assertThat(trail.blame()).isNull();
        Runnable call =
                () -> {
                    try (Use<String> use = enter()) {
                        String inside = use.call(_ -> Objects.requireNonNull(trail.blame()));
                        assertThat(inside).isEqualTo("thing k of bundle");
                    } catch (BackendException | InterruptedException e) {
                        throw new AssertionError(e);
                    }
                };
        trail.run(() -> Trail.along(call).run());
        assertThat(trail.blame()).isNull();
        assertThat(state().lastFault()).isEqualTo("thing k of bundle hangs");
        assertThat(Trail.along(call)).isSameAs(call);
    }
}
