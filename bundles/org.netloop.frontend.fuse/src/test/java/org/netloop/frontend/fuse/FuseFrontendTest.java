package org.netloop.frontend.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.api.frontend.Attachment;
import org.netloop.api.frontend.AttachmentSpec;
import org.netloop.api.frontend.Frontend;
import org.netloop.tck.FrontendContract;
import org.netloop.tck.Machine;
import org.netloop.tck.MemoryVolume;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** With the kernel's own FUSE and loop devices; needs root. */
class FuseFrontendTest extends FrontendContract {
    private static final int BLOCK = 64 << 10;

    @TempDir Path directory;

    private final FuseFrontend frontend = new FuseFrontend();

    @BeforeAll
    static void theMachineHasFuse() {
        Machine.needsFuse();
    }

    @Override
    protected Frontend frontend() {
        return frontend;
    }

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
        frontend.stop();
        for (String line : Files.readAllLines(Path.of("/proc/self/mounts"))) {
            if (line.contains(directory.toString())) {
                Tool.run("umount", "-l", line.split(" ")[1]);
            }
        }
    }

    private Attachment attach(MemoryVolume volume, Map<String, String> options) throws IOException {
        return frontend.attach(volume, new AttachmentSpec(place(), options));
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
                .contains("volume: root", "reference: memory:root", "failed-reads: 0");
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
                .hasMessageContaining("no name of a file");
    }

    @Test
    void aFileSystemOnTheVolumeIsMountedBesideIt() throws Exception {
        Path tree = Files.createDirectories(directory.resolve("tree/sub"));
        Files.writeString(tree.resolve("hello"), "hello");
        Path image = directory.resolve("image");
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(8 << 20);
        }
        Tool.run(
                "mkfs.ext4",
                "-q",
                "-F",
                "-d",
                directory.resolve("tree").toString(),
                image.toString());
        MemoryVolume volume = MemoryVolume.of("disk", BLOCK, Files.readAllBytes(image));
        try (Attachment _ = attach(volume, Map.of("loop", "true"))) {
            assertThat(mount().resolve("disk/sub/hello")).hasContent("hello");
        }
        assertThat(mount()).isEmptyDirectory();
        assertThat(Tool.run("losetup", "--all")).doesNotContain(directory.toString());
    }

    @Test
    void whatIsNoFileSystemIsNotMountedAndLeavesNothing() throws Exception {
        assertThatThrownBy(() -> attach(generated("noise"), Map.of("loop", "true")))
                .hasMessageContaining("cannot be mounted");
        assertThat(frontend.attachments()).isEmpty();
        assertThat(mount()).isEmptyDirectory();
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
        attachment.detached().toCompletableFuture().get(10, TimeUnit.SECONDS);
        assertThat(frontend.attachments()).isEmpty();
        attach(generated("root"), Map.of());
    }

    @Test
    void aDirectoryThatIsNotEmptyIsRefused() throws Exception {
        Files.createDirectories(mount());
        Files.writeString(mount().resolve("precious"), "x");
        assertThatThrownBy(() -> attach(generated("root"), Map.of()))
                .hasMessageContaining("not empty");
    }

    @Test
    void stoppingDetachesEvenWhatIsInUse() throws Exception {
        Attachment attachment = attach(generated("root"), Map.of());
        try (RandomAccessFile _ = new RandomAccessFile(attachment.address(), "r")) {
            frontend.stop();
            assertThat(mount()).isEmptyDirectory();
        }
    }
}
