package org.netloop.frontend.devfuse;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.api.frontend.Attachment;
import org.netloop.api.frontend.AttachmentSpec;
import org.netloop.tck.Machine;
import org.netloop.tck.MemoryVolume;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Tests detaching while a buffered read waits for a mirror that does not answer; needs root. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DetachingTest {
    private static final int BLOCK = 64 << 10;
    private static final Duration HELD = Duration.ofSeconds(150);
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir Path directory;

    private final DevFuseFrontend frontend = new DevFuseFrontend();

    @BeforeEach
    void theMachineHasFuse() {
        Machine.needsDevFuse();
    }

    private Attachment attach(MemoryVolume volume) throws IOException {
        String place = directory.resolve("mount").toString();
        return frontend.attach(volume, new AttachmentSpec(place, Map.of()));
    }

    private static MemoryVolume volume(String name) {
        return MemoryVolume.generated(name, 1 << 20, BLOCK, _ -> false);
    }

    /** Through the page cache. */
    private static Process reader(Attachment of) throws IOException {
        return new ProcessBuilder("head", "-c", "4096", of.address())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    @Test
    void aVolumeIsDetachedThoughAReadOfItWaits() throws Exception {
        MemoryVolume stuck = volume("stuck");
        stuck.setAbsent(true);
        Attachment first = attach(stuck);
        Attachment other = attach(volume("other"));
        try (MemoryVolume.Trap trap = stuck.hold(0, 1 << 20, HELD)) {
            Process reader = reader(first);
            assertThat(trap.awaitRead(SOON)).isTrue();
            Thread closing = Thread.ofPlatform().daemon().start(() -> close(first));
            assertThat(closing.join(SOON)).as("it is detached").isTrue();
            assertThat(reader.waitFor(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
            other.close();
        } finally {
            frontend.stop();
        }
    }

    @Test
    void itStopsThoughAReadWaits() throws Exception {
        MemoryVolume stuck = volume("stuck");
        stuck.setAbsent(true);
        Attachment first = attach(stuck);
        try (MemoryVolume.Trap trap = stuck.hold(0, 1 << 20, HELD)) {
            Process reader = reader(first);
            assertThat(trap.awaitRead(SOON)).isTrue();
            Thread stopping = Thread.ofPlatform().daemon().start(frontend::stop);
            assertThat(stopping.join(SOON)).as("it stops").isTrue();
            assertThat(reader.waitFor(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }
    }

    private static void close(Attachment attachment) {
        try {
            attachment.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
