package org.netloop.control.changes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.netloop.control.changes.ChangeTurns.Turn;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;

/** Tests which changes and upgrades exclude each other. */
@Timeout(60)
class ChangeTurnsTest {
    private final AtomicBoolean between = new AtomicBoolean();
    private final ChangeTurns turns = new ChangeTurns(between::get);

    /** A turn that is taken and ended by a client's own thread. */
    private interface Taking {
        Turn turn() throws IOException;
    }

    private static void elsewhere(Taking taking) {
        CompletableFuture.runAsync(
                        () -> {
                            try (Turn _ = taking.turn()) {
                                assertThat(taking).isNotNull();
                            } catch (IOException e) {
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
        assertThatThrownBy(() -> elsewhere(turns::change))
                .hasMessageContaining("an upgrade is under way");
        between.set(false);
        elsewhere(turns::upgrade);
        elsewhere(turns::change);
    }
}
