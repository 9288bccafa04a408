package org.netloop.engine.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.netloop.api.control.ControlRequest;
import org.netloop.api.transport.FetchException;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Follows a channel by each policy, and goes back. */
class UpdatesTest extends FollowedChannel {
    @Test
    void existingAttachmentsKeepTheirsUntilTheyAreSwitched() throws Exception {
        follow(Updates.Policy.ON_DETACH);
        channel = 2;
        assertThat(ask("update")).contains("existing ones keep theirs");
        assertThat(images()).containsExactly(digest(1), digest(2));
        assertThat(services.getLast().gentle()).isTrue();
        ask("switch");
        assertThat(images()).containsExactly(digest(2));
    }

    @Test
    void whatIsAskedOfItTakesTurnsWithAnUpgrade() {
        assertThat(updates.isChange(new ControlRequest("follow", Map.of("what", "switch"))))
                .isTrue();
    }

    @Test
    void anImageThatIsAskedForWaits() throws Exception {
        follow(Updates.Policy.ASK);
        channel = 2;
        assertThat(ask("update")).contains("is ready");
        assertThat(ask("update")).contains("is ready");
        assertThat(images()).containsExactly(digest(1));
        ask("switch");
        assertThat(images()).containsExactly(digest(2));
    }

    @Test
    void allGetItNowIfSoConfigured() throws Exception {
        follow(Updates.Policy.NOW);
        channel = 2;
        ask("update");
        assertThat(images()).containsExactly(digest(2));
        assertThat(services.getLast().gentle()).isFalse();
    }

    @Test
    void theWayBackNeedsNoMirrorAndTheImageLeftIsNotTakenAgain() throws Exception {
        follow(Updates.Policy.NOW);
        channel = 2;
        ask("update");
        transport.faults.put(
                "a",
                (_, _) -> {
                    throw new FetchException.Unavailable("unplugged", null);
                });
        assertThat(ask("rollback")).contains("is back at image " + digest(1));
        assertThat(images()).containsExactly(digest(1));
        transport.faults.clear();
        ask("update");
        assertThat(images()).containsExactly(digest(1));
        channel = 3;
        ask("update");
        assertThat(images()).containsExactly(digest(3));
    }

    @Test
    void aSwitchThatFailsDoesNotForgetWhatIsNotTaken() throws Exception {
        patience = SHORT;
        follow(Updates.Policy.NOW);
        channel = 2;
        ask("update");
        ask("rollback");
        transport.faults.put(
                "a",
                (_, _) -> {
                    throw new FetchException.Unavailable("unplugged", null);
                });
        assertThatThrownBy(() -> ask("switch")).hasMessageContaining("unplugged");
        transport.faults.clear();
        assertThat(remembered.rollback).containsExactly(digest(1), digest(2));
        ask("update");
        assertThat(images()).containsExactly(digest(1));
        ask("switch");
        assertThat(images()).containsExactly(digest(2));
        assertThat(remembered.rollback).isEmpty();
    }

    @Test
    void withoutAnImageBeforeThereIsNoWayBack() {
        assertThatThrownBy(() -> ask("rollback"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("REPO@DIGEST");
    }

    @Test
    void anImageThatCannotBeOpenedChangesNothing() throws Exception {
        patience = SHORT;
        follow(Updates.Policy.NOW);
        transport.faults.put(
                "a",
                (_, _) -> {
                    throw new FetchException.Unavailable("unplugged", null);
                });
        assertThatThrownBy(() -> ask("update")).isInstanceOf(IOException.class);
        assertThat(images()).containsExactly(digest(1));
    }

    @Test
    void imagesThatServeAreBounded() throws Exception {
        follow(Updates.Policy.ON_DETACH);
        for (channel = 2; channel < 8; channel++) {
            ask("update");
        }
        assertThat(images()).containsExactly(digest(1), digest(2), digest(3), digest(4));
        ask("switch");
        assertThat(images()).containsExactly(digest(7));
    }

    @Test
    void anImageThatDoesNotProveItselfIsLeftByItself() throws Exception {
        follow(Updates.Policy.NOW);
        updates.probe(new HealthCommand(List.of("/bin/false"), Duration.ofMillis(50)));
        channel = 2;
        ask("update");
        while (remembered.rollback.isEmpty()) {
            Thread.onSpinWait();
        }
        assertThat(remembered.rollback).containsExactly(digest(1), digest(2));
        assertThat(remembered.couldWrite).isTrue();
        assertThat(images()).containsExactly(digest(1));
        ask("update");
        assertThat(images()).containsExactly(digest(1));
        updates.probe(new HealthCommand(List.of(), Duration.ZERO));
        ask("switch");
        assertThat(images()).containsExactly(digest(2));
        assertThat(remembered.rollback).isEmpty();
    }

    @Test
    void whatWasLeftBeforeARestartIsNotTaken() throws Exception {
        follow(Updates.Policy.NOW);
        updates.restart(digest(2));
        channel = 2;
        ask("update");
        assertThat(images()).containsExactly(digest(1));
    }

    @Test
    void theChannelIsLookedAtByItself() throws Exception {
        updates.follow(Updates.Policy.NOW, Duration.ofMillis(5));
        channel = 2;
        while (!Objects.requireNonNull(publications.present()).image().digest().equals(digest(2))) {
            Thread.onSpinWait();
        }
    }
}
