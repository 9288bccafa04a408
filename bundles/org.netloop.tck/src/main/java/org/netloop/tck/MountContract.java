package org.netloop.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.api.frontend.Attachment;
import org.netloop.api.frontend.AttachmentSpec;
import org.netloop.api.frontend.Frontend;
import org.netloop.api.mount.Tool;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Obligations of every {@link Frontend} that mounts a directory and shows volumes as files in it,
 * with the kernel's own FUSE; needs root.
 */
public abstract class MountContract extends FrontendContract {
    private static final int BLOCK = 64 << 10;

    @TempDir private Path directory;

    /** Stops the frontend under test, as if all of its framework did. */
    protected abstract void stop();

    /** Returns another frontend of the same kind, as if of another process. */
    protected abstract Frontend another();

    private Path mount() {
        return directory.resolve("mount");
    }

    @Override
    protected String place() {
        return mount().toString();
    }

    @Override
    protected byte[] read(Attachment attachment, long offset, int length) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(attachment.address(), "r")) {
            byte[] bytes = new byte[length];
            file.seek(offset);
            file.readFully(bytes);
            return bytes;
        }
    }

    @AfterEach
    void nothingStaysMounted() throws IOException {
        stop();
        for (String line : Files.readAllLines(Path.of("/proc/self/mounts"))) {
            if (line.contains(directory.toString())) {
                Tool.run("umount", "-l", line.split(" ")[1]);
            }
        }
    }

    private Attachment attach(MemoryVolume volume, Map<String, String> options) throws IOException {
        return frontend().attach(volume, new AttachmentSpec(place(), options));
    }

    private static MemoryVolume generated(String name) {
        return MemoryVolume.generated(name, 10 * BLOCK, BLOCK, block -> block == 3);
    }

    @Test
    void aVolumeIsAReadOnlyFileWithItsStatusBeside() throws Exception {
        attach(generated("root"), Map.of());
        Path image = mount().resolve("root.img");
        assertThat(Files.size(image)).isEqualTo(10L * BLOCK);
        assertThatThrownBy(() -> Files.writeString(image, "x")).isInstanceOf(IOException.class);
        assertThat(Files.readString(mount().resolve("root.status")))
                .contains(
                        "netloop_volume_reference{volume=\"root\"} \"memory:root\"",
                        "netloop_volume_failed_reads{volume=\"root\"} 0");
        assertThat(mount().toFile().list()).containsExactlyInAnyOrder("root.img", "root.status");
    }

    /** The thread of the former mount may still be on its way out. */
    @RepeatedTest(20)
    void whatIsAttachedRightAfterTheLastWasDetachedIsThere() throws Exception {
        for (int round = 0; round < 5; round++) {
            Attachment attachment = attach(generated("root"), Map.of());
            assertThat(read(attachment, 0, BLOCK)).hasSize(BLOCK);
            attachment.close();
        }
    }

    @Test
    void theNameMayBeChosen() throws Exception {
        Attachment attachment = attach(generated("root"), Map.of("name", "other"));
        assertThat(attachment.address()).endsWith("/other.img");
        assertThatThrownBy(() -> attach(generated("x"), Map.of("name", "../x")))
                .hasMessageContaining("not a valid file name");
    }

    @Test
    void whatIsInUseIsToldAndMayBeTriedAgain() throws Exception {
        Attachment attachment = attach(generated("root"), Map.of());
        try (RandomAccessFile _ = new RandomAccessFile(attachment.address(), "r")) {
            assertThatThrownBy(attachment::close)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("in use");
        }
        attachment.close();
        assertThat(mount()).isEmptyDirectory();
    }

    @Test
    void unmountingFromOutsideIsNoticed() throws Exception {
        Attachment attachment = attach(generated("root"), Map.of());
        Tool.run("umount", mount().toString());
        attachment.detached().toCompletableFuture().get(60, TimeUnit.SECONDS);
        assertThat(frontend().attachments()).isEmpty();
        attach(generated("root"), Map.of());
    }

    @Test
    void whatIsInUseGoesOnBeingReadAfterItCouldNotBeDetached() throws Exception {
        MemoryVolume volume = generated("root");
        Attachment attachment = attach(volume, Map.of());
        try (RandomAccessFile file = new RandomAccessFile(attachment.address(), "r")) {
            assertThatThrownBy(attachment::close).hasMessageContaining("in use");
            byte[] bytes = new byte[1000];
            file.seek(5 * BLOCK);
            file.readFully(bytes);
            assertThat(bytes).isEqualTo(volume.expected(5 * BLOCK, 1000));
        }
    }

    @Test
    void theStatusIsExactlyItsTextAndItsOwnersAlone() throws Exception {
        attach(generated("root"), Map.of());
        Path status = mount().resolve("root.status");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(status)))
                .isEqualTo("r--------");
        String text = Files.readString(status);
        assertThat(text).endsWith("\n").doesNotContain("\n\n");
        assertThat(Files.size(status)).isBetween(text.length() - 20L, text.length() + 20L);
    }

    @Test
    void othersSeeAMountOnlyWhenAskedFor() throws Exception {
        attach(generated("root"), Map.of());
        assertThat(optionsOf(mount())).doesNotContain("allow_other").contains("nosuid", "nodev");
        frontend().attachments().getFirst().close();
        attach(generated("root"), Map.of("allow_other", "true"));
        assertThat(optionsOf(mount())).contains("allow_other");
    }

    /** Returns the options of the mount at a place, as the kernel shows them. */
    public static String optionsOf(Path place) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/mounts")).stream()
                .filter(line -> line.split(" ")[1].equals(place.toString()))
                .map(line -> line.split(" ")[3])
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aDirectoryThatIsNotEmptyIsRefused() throws Exception {
        Files.createDirectories(mount());
        Files.writeString(mount().resolve("precious"), "x");
        assertThatThrownBy(() -> attach(generated("root"), Map.of()))
                .hasMessageContaining("not empty");
    }

    @Test
    void aFileIsNoPlaceToMountAt() throws Exception {
        Files.writeString(mount(), "x");
        assertThatThrownBy(() -> attach(generated("root"), Map.of()))
                .hasMessage(mount() + " is a file: choose a directory to mount at");
    }

    @Test
    void theMountOfAnotherProcessIsNotMountedOver() throws Exception {
        attach(generated("root"), Map.of());
        Frontend other = another();
        assertThatThrownBy(
                        () ->
                                other.attach(
                                        generated("other"), new AttachmentSpec(place(), Map.of())))
                .hasMessageContaining("is in use by another mount (fuse.netloop)");
        assertThat(other.attachments()).isEmpty();
    }

    @Test
    void stoppingDetachesEvenWhatIsInUse() throws Exception {
        Attachment attachment = attach(generated("root"), Map.of());
        try (RandomAccessFile _ = new RandomAccessFile(attachment.address(), "r")) {
            stop();
            assertThat(mount()).isEmptyDirectory();
        }
    }
}
