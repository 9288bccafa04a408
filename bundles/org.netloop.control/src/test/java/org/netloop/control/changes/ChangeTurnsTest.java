package org.netloop.control.changes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.netloop.control.changes.ChangeTurns.Turn;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;

/** Tests which changes and upgrades exclude each other. */
@Timeout(60)
class ChangeTurnsTest {
    private final AtomicBoolean between = new AtomicBoolean();
    private final CompletableFuture<Void> former = new CompletableFuture<>();
    private final ChangeTurns turns =
            new ChangeTurns(between::get, CompletableFuture.completedFuture(null));

    /** A turn that is taken and ended by a client's own thread. */
    private interface Taking {
        Turn turn() throws IOException, InterruptedException;
    }

    private static void elsewhere(Taking taking) {
        CompletableFuture.runAsync(
                        () -> {
                            try (Turn _ = taking.turn()) {
                                assertThat(taking).isNotNull();
                            } catch (IOException | InterruptedException e) {
                                throw new CompletionException(e);
                            }
                        },
                        task -> Thread.ofPlatform().start(task))
                .join();
    }

    @Test
    void nothingIsChangedDuringAnUpgrade() throws Exception {
        try (Turn _ = turns.upgrade()) {
            assertThatThrownBy(() -> elsewhere(turns::change))
                    .hasMessageContaining("an upgrade is under way");
            assertThatThrownBy(() -> elsewhere(turns::upgrade))
                    .hasMessageContaining("another upgrade is under way");
        }
        elsewhere(turns::change);
    }

    @Test
    void anUpgradeDoesNotBeginDuringAChange() throws Exception {
        try (Turn _ = turns.change()) {
            elsewhere(turns::change);
            assertThatThrownBy(() -> elsewhere(turns::upgrade))
                    .hasMessageContaining("a change of the deployment is under way");
        }
        elsewhere(turns::upgrade);
    }

    @Test
    void aSuccessorChangesNothingUntilTheFormerHasEnded() {
        between.set(true);
        ChangeTurns soon = new ChangeTurns(between::get, former, Duration.ofMillis(1));
        assertThatThrownBy(() -> elsewhere(soon::change))
                .hasMessageContaining("an upgrade is under way");
        between.set(false);
        former.complete(null);
        elsewhere(soon::upgrade);
        elsewhere(soon::change);
    }

    @Test
    void aChangeWaitsForAFormerProcessThatIsEnding() throws Exception {
        between.set(true);
        ChangeTurns patient = new ChangeTurns(between::get, former, Duration.ofSeconds(60));
        CompletableFuture<Void> changed =
                CompletableFuture.runAsync(
                        () -> elsewhere(patient::change), task -> Thread.ofPlatform().start(task));
        assertThat(changed).isNotDone();
        between.set(false);
        former.complete(null);
        changed.join();
    }
}
