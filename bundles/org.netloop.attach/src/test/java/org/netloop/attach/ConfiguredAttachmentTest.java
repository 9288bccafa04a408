package org.netloop.attach;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.netloop.api.frontend.Attachment;
import org.netloop.api.frontend.AttachmentSpec;
import org.netloop.api.frontend.Frontend;
import org.netloop.api.status.Report;
import org.netloop.api.volume.Volume;
import org.netloop.tck.MemoryVolume;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** With a frontend whose place can be taken by somebody else. */
@Timeout(60)
class ConfiguredAttachmentTest {
    private final ManualTimer timer = new ManualTimer();
    private final Place place = new Place();
    private final ConfiguredAttachment configured =
            new ConfiguredAttachment(
                    new Wanted(
                            true,
                            "root",
                            "place",
                            new AttachmentSpec("here", Map.of()),
                            Duration.ofSeconds(1),
                            1),
                    Map.of(),
                    List::of,
                    timer);

    private static final class Place implements Frontend {
        private final List<Attachment> made = new ArrayList<>();
        private boolean taken;

        @Override
        public String id() {
            return "place";
        }

        @Override
        public Attachment attach(Volume volume, AttachmentSpec spec) throws IOException {
            if (taken) {
                throw new IOException("the place is taken");
            }
            Attached attached = new Attached(volume.name(), new CompletableFuture<>());
            made.add(attached);
            return attached;
        }

        @Override
        public List<Attachment> attachments() {
            return made;
        }
    }

    private record Attached(String volume, CompletableFuture<Void> end) implements Attachment {
        @Override
        public String address() {
            return "here/" + volume;
        }

        @Override
        public CompletionStage<Void> detached() {
            return end;
        }

        @Override
        public void close() {
            end.complete(null);
        }
    }

    private void start() {
        configured.bindFrontend(place);
        configured.bindVolume(MemoryVolume.generated("root", 4096, 4096, _ -> false));
        configured.start();
    }

    private Report report() {
        return configured.reports().getFirst();
    }

    @Test
    void aPlaceThatWasTakenIsTriedAgainUntilItIsFree() {
        place.taken = true;
        start();
        assertThat(report().state()).isEqualTo(Report.State.FAILED);
        assertThat(report().message()).contains("the place is taken", "tried again");

        timer.pass();
        assertThat(report().state()).isEqualTo(Report.State.FAILED);
        place.taken = false;
        timer.pass();
        assertThat(report().state()).isEqualTo(Report.State.GOOD);
        assertThat(place.attachments()).hasSize(1);
        assertThat(timer.isWaiting()).isFalse();
    }

    @Test
    void whatWasDetachedFromOutsideComesBack() throws Exception {
        start();
        place.attachments().getFirst().close();
        while (!timer.isWaiting()) {
            Thread.onSpinWait();
        }
        timer.pass();
        assertThat(report().state()).isEqualTo(Report.State.GOOD);
        assertThat(place.attachments()).hasSize(2);
    }

    @Test
    void nothingIsTriedAgainOnceItIsStopped() {
        place.taken = true;
        start();
        configured.stop();
        assertThat(timer.isWaiting()).isFalse();
    }
}
