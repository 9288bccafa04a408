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
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Tests an attachment with a frontend whose place another program may take. */
@Timeout(60)
class ConfiguredAttachmentTest {
    private final ManualTimer timer = new ManualTimer();
    private final Place place = new Place();
    private final ConfiguredAttachment configured = configured(timer);

    /** An attachment of the volume root at the frontend place. */
    static ConfiguredAttachment configured(ManualTimer timer) {
        return new ConfiguredAttachment(
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
    }

    private static final class Place implements Frontend {
        private final List<Attachment> made = new ArrayList<>();
        private final List<Volume> volumes = new ArrayList<>();
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
            volumes.add(volume);
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

    @Test
    void itWaitsForItsVolumeAndItsFrontendAndSaysForWhich() {
        configured.start();
        assertThat(report().state()).isEqualTo(Report.State.WAITING);
        assertThat(report().message()).contains("volume root");
        configured.bindVolume(MemoryVolume.generated("other", 4096, 4096, _ -> false));
        assertThat(report().message()).contains("volume root");
        configured.bindVolume(MemoryVolume.generated("root", 4096, 4096, _ -> false));
        assertThat(report().message()).contains("frontend place");
        configured.bindFrontend(place);
        assertThat(report().state()).isEqualTo(Report.State.GOOD);
        assertThat(place.attachments()).hasSize(1);
    }

    @Test
    void itStaysWhileItsVolumeIsReplacedByOneOfTheSameContent() throws Exception {
        MemoryVolume before = MemoryVolume.generated("root", 4096, 4096, _ -> false);
        configured.bindFrontend(place);
        configured.bindVolume(before);
        configured.start();
        configured.unbindVolume(before);
        MemoryVolume after = MemoryVolume.generated("root", 4096, 4096, _ -> false);
        configured.bindVolume(after);
        assertThat(place.attachments()).hasSize(1);
        place.volumes.getFirst().read(0, ByteBuffer.allocate(1));
        assertThat(before.reads()).isZero();
        assertThat(after.reads()).isOne();
    }

    @Test
    void itIsMadeAnewForAVolumeOfOtherContent() {
        start();
        configured.bindVolume(MemoryVolume.generated("root", 8192, 4096, _ -> false));
        assertThat(place.attachments()).hasSize(2);
        assertThat(place.attachments().getFirst().detached().toCompletableFuture()).isDone();
        assertThat(place.volumes.getLast().size()).isEqualTo(8192);
        assertThat(report().state()).isEqualTo(Report.State.GOOD);
    }

    @Test
    void aGentleVolumeIsForNewAttachmentsUntilTheOldOneLeaves() {
        MemoryVolume before = MemoryVolume.generated("root", 4096, 4096, _ -> false);
        configured.bindFrontend(place);
        configured.bindVolume(before);
        configured.start();
        MemoryVolume after = MemoryVolume.generated("root", 8192, 4096, _ -> false);
        configured.addVolume(after, Map.of(Volume.GENTLE, true));
        assertThat(place.attachments()).hasSize(1);
        assertThat(report().state()).isEqualTo(Report.State.GOOD);

        configured.unbindVolume(before);
        assertThat(place.attachments()).hasSize(2);
        assertThat(place.volumes.getLast().size()).isEqualTo(8192);
    }

    @Test
    void whatIsDetachedComesBackWithTheNewestVolume() throws Exception {
        start();
        configured.addVolume(
                MemoryVolume.generated("root", 8192, 4096, _ -> false),
                Map.of(Volume.GENTLE, true));
        place.attachments().getFirst().close();
        while (!timer.isWaiting()) {
            Thread.onSpinWait();
        }
        timer.pass();
        assertThat(place.volumes.getLast().size()).isEqualTo(8192);
    }

    @Test
    void itGoesWithItsFrontendAndIsMadeByTheNextOne() {
        start();
        configured.unbindFrontend(place);
        assertThat(place.attachments().getFirst().detached().toCompletableFuture()).isDone();
        assertThat(report().state()).isEqualTo(Report.State.WAITING);
        Place next = new Place();
        configured.bindFrontend(next);
        assertThat(next.attachments()).hasSize(1);
        assertThat(report().state()).isEqualTo(Report.State.GOOD);
    }

    @Test
    void whatIsStoppedIsDetached() {
        start();
        configured.stop();
        assertThat(place.attachments().getFirst().detached().toCompletableFuture()).isDone();
        configured.bindVolume(MemoryVolume.generated("root", 8192, 4096, _ -> false));
        assertThat(place.attachments()).hasSize(1);
    }
}
