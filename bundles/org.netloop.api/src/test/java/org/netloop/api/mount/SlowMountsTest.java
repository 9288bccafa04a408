package org.netloop.api.mount;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.netloop.api.frontend.Attachment;
import org.netloop.api.volume.EmptyVolume;
import org.netloop.api.volume.Volume;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/** Tests that what waits for the kernel at one directory holds up no other. */
@Timeout(60)
class SlowMountsTest {
    private static final Path STUCK = Path.of("/stuck");
    private static final Path OTHER = Path.of("/other");

    private final CountDownLatch waits = new CountDownLatch(1);
    private final CountDownLatch answered = new CountDownLatch(1);
    private final MountedVolumes mounted =
            new MountedVolumes(new Notes(_ -> {}, _ -> {}), () -> {});

    /** A mount that the kernel keeps waiting at one directory. */
    private final class Slow implements VolumeMount {
        private final Path directory;
        private final CompletableFuture<Void> ended = new CompletableFuture<>();

        Slow(Path directory) {
            this.directory = directory;
        }

        private void pass() throws IOException {
            if (directory.equals(STUCK)) {
                waits.countDown();
                try {
                    answered.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IOException(e);
                }
            }
        }

        @Override
        public boolean addVolume(String name, Volume volume) {
            return true;
        }

        @Override
        public boolean addFolder(String name) {
            return true;
        }

        @Override
        public void remove(String name) {}

        @Override
        public boolean hasOnly(Collection<String> names) {
            return true;
        }

        @Override
        public boolean isWritable() {
            return false;
        }

        @Override
        public void unmount(boolean lazily) throws IOException {
            pass();
            ended.complete(null);
        }

        @Override
        public CompletableFuture<Void> ended() {
            return ended;
        }

        @Override
        public Path directory() {
            return directory;
        }
    }

    private Attachment attach(Path directory) throws IOException {
        MountOptions options = new MountOptions("disk", false, null);
        return mounted.attach(
                new EmptyVolume("disk", false), directory, options, () -> new Slow(directory));
    }

    @Test
    void anUnmountThatTakesLongHoldsUpNoOtherDirectory() throws Exception {
        Attachment stuck = attach(STUCK);
        Thread detaching = Thread.ofVirtual().start(() -> close(stuck));
        waits.await();
        attach(OTHER).close();
        assertThat(mounted.attachments()).isEqualTo(List.of(stuck));
        answered.countDown();
        detaching.join();
        assertThat(mounted.attachments()).isEmpty();
    }

    @Test
    void aMountThatTakesLongHoldsUpNoOtherDirectory() throws Exception {
        MountOptions options = new MountOptions("disk", false, null);
        Thread attaching =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    try {
                                        mounted.attach(
                                                new EmptyVolume("disk", false),
                                                STUCK,
                                                options,
                                                this::slowly);
                                    } catch (IOException e) {
                                        throw new IllegalStateException(e);
                                    }
                                });
        waits.await();
        attach(OTHER).close();
        assertThat(mounted.attachments()).isEmpty();
        answered.countDown();
        attaching.join();
        assertThat(mounted.attachments()).hasSize(1);
    }

    private VolumeMount slowly() throws IOException {
        Slow mount = new Slow(STUCK);
        mount.pass();
        return mount;
    }

    @Test
    void whatIsAttachedToAMountThatHasEndedIsDetached() throws Exception {
        MountOptions options = new MountOptions("disk", false, null);
        Slow gone = new Slow(OTHER);
        gone.ended().complete(null);
        Attachment attachment =
                mounted.attach(new EmptyVolume("disk", false), OTHER, options, () -> gone);
        assertThat(attachment.detached().toCompletableFuture()).isCompleted();
        assertThat(mounted.attachments()).isEmpty();
    }

    private static void close(Attachment attachment) {
        try {
            attachment.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
