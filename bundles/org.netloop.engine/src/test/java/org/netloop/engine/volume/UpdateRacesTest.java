package org.netloop.engine.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Changes and rollbacks while the channel is looked at. */
class UpdateRacesTest extends FollowedChannel {
    /** Asks for an update, which waits at the channel until the latch is opened. */
    private Thread updateThatWaits(CountDownLatch go) throws InterruptedException {
        CountDownLatch asked = new CountDownLatch(1);
        transport.faults.put(
                "a",
                (_, _) -> {
                    asked.countDown();
                    go.await();
                });
        Thread update = Thread.ofVirtual().start(() -> askInVain("update"));
        asked.await();
        transport.faults.clear();
        return update;
    }

    /** The images that are services tell whether it had an effect, whatever is answered. */
    private void askInVain(String what) {
        try {
            ask(what);
        } catch (Exception _) {
            // That it was in vain is what the tests are about.
        }
    }

    @Test
    void whatTheFormerReferenceLeadsToDoesNotReplaceWhatWasConfiguredMeanwhile() throws Exception {
        follow(Updates.Policy.NOW);
        channel = 9;
        OpenedVolume configured = openImage();
        channel = 2;
        CountDownLatch go = new CountDownLatch(1);
        Thread update = updateThatWaits(go);
        publications.add(configured);
        publications.leaveOnlyPresent();
        updates.restart(null);
        go.countDown();
        update.join();
        assertThat(images()).containsExactly(digest(9));
    }

    @Test
    void theWayBackDoesNotWaitForALookAtTheChannel() throws Exception {
        follow(Updates.Policy.NOW);
        channel = 2;
        ask("update");
        channel = 3;
        CountDownLatch go = new CountDownLatch(1);
        Thread update = updateThatWaits(go);
        ask("rollback");
        go.countDown();
        update.join();
        assertThat(images()).containsExactly(digest(1));
    }

    @Test
    void anImageThatWaitsHasTheMirrorsThatAreConfiguredWhenItIsTaken() throws Exception {
        follow(Updates.Policy.ASK);
        channel = 2;
        ask("update");
        mirrors = List.of(URI.create("test://b/"));
        publications.mirrors(mirrors);
        ask("switch");
        assertThat(images()).containsExactly(digest(2));
        assertThat(services.getFirst().volume().mirrors().all())
                .extracting(mirror -> mirror.base())
                .containsExactlyElementsOf(mirrors);
    }

    @Test
    void anImageThatWasOpenedForAnotherConfigurationIsNotTaken() throws Exception {
        follow(Updates.Policy.ASK);
        channel = 2;
        ask("update");
        wanted = false; // as when another key is trusted, which this image was not held against
        assertThatThrownBy(() -> ask("switch"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("configured anew");
        assertThat(images()).containsExactly(digest(1));
        wanted = true;
        ask("switch");
        assertThat(images()).containsExactly(digest(2));
    }
}
