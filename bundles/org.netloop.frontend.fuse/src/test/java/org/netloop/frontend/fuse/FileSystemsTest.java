package org.netloop.frontend.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.api.frontend.Attachment;
import org.netloop.api.frontend.AttachmentSpec;
import org.netloop.api.mount.Tool;
import org.netloop.tck.Machine;
import org.netloop.tck.MemoryVolume;
import org.netloop.tck.MountContract;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** File systems mounted beside the file of their image, by the kernel; needs root. */
class FileSystemsTest {
    private static final int BLOCK = 64 << 10;
    private static final int MIB = 1 << 20;

    @TempDir Path directory;

    private final FuseFrontend frontend = new FuseFrontend();
    private byte[] fileSystem = {};

    @BeforeAll
    static void theMachineHasWhatItNeeds() {
        Machine.needsFuse();
        Machine.needsProgram("mkfs.ext4");
        Machine.needsProgram("sfdisk");
        Machine.needsProgram("losetup");
    }

    @BeforeEach
    void makeFileSystem() throws IOException {
        Path tree = Files.createDirectories(directory.resolve("tree/sub"));
        Files.writeString(tree.resolve("hello"), "hello");
        Path image = directory.resolve("image");
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(8 * MIB);
        }
        Tool.run(
                "mkfs.ext4",
                "-q",
                "-F",
                "-d",
                directory.resolve("tree").toString(),
                image.toString());
        fileSystem = Files.readAllBytes(image);
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        frontend.stop();
        assertThat(mounts()).isEmpty();
        assertNoLoopDeviceIsLeft();
    }

    /** The kernel frees a loop device when its last user is gone, which may be one that looks. */
    private void assertNoLoopDeviceIsLeft() throws IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (loopDevices().contains(directory.toString()) && System.nanoTime() - end < 0) {
            Thread.onSpinWait();
        }
        assertThat(loopDevices()).doesNotContain(directory.toString());
    }

    private static String loopDevices() throws IOException {
        return Tool.run("losetup", "--all");
    }

    private List<String> mounts() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/mounts")).stream()
                .filter(line -> line.contains(directory.toString()))
                .toList();
    }

    private Path mount() {
        return directory.resolve("mount");
    }

    private Attachment attach(byte[] image, Map<String, String> options) throws IOException {
        return frontend.attach(
                MemoryVolume.of("disk", BLOCK, image),
                new AttachmentSpec(mount().toString(), options));
    }

    /** A disk with a file system in the partitions 1 and 3, and noise in 2. */
    private byte[] disk(int... withFileSystem) throws Exception {
        Path file = directory.resolve("partitioned");
        try (RandomAccessFile disk = new RandomAccessFile(file.toFile(), "rw")) {
            disk.setLength(32L * MIB);
        }
        Process table =
                new ProcessBuilder("sfdisk", "-q", file.toString())
                        .redirectErrorStream(true)
                        .start();
        table.getOutputStream()
                .write(
                        """
                        label: gpt
                        start=1MiB,size=8MiB
                        start=10MiB,size=8MiB
                        start=20MiB,size=8MiB
                        """
                                .getBytes(StandardCharsets.UTF_8));
        table.getOutputStream().close();
        assertThat(table.waitFor(60, TimeUnit.SECONDS)).isTrue();
        byte[] bytes = Files.readAllBytes(file);
        int[] starts = {MIB, 10 * MIB, 20 * MIB};
        for (int number : withFileSystem) {
            System.arraycopy(fileSystem, 0, bytes, starts[number - 1], fileSystem.length);
        }
        return bytes;
    }

    @Test
    void aFileSystemOnTheVolumeIsMountedBesideItWithoutItsPrivileges() throws Exception {
        try (Attachment _ = attach(fileSystem, Map.of("loop", "true"))) {
            assertThat(mount().resolve("disk/sub/hello")).hasContent("hello");
            assertThat(MountContract.optionsOf(mount().resolve("disk")))
                    .contains("nosuid", "nodev")
                    .doesNotContain("noexec");
        }
        assertThat(mount()).isEmptyDirectory();
    }

    @Test
    void itsProgramsNeedNotRun() throws Exception {
        try (Attachment _ = attach(fileSystem, Map.of("loop", "true", "noexec", "true"))) {
            assertThat(MountContract.optionsOf(mount().resolve("disk")))
                    .contains("nosuid", "nodev", "noexec");
        }
    }

    @Test
    void whatIsNoWholeSectorAtTheEndIsLeftOut() throws Exception {
        byte[] odd = Arrays.copyOf(fileSystem, fileSystem.length + 1000);
        try (Attachment attachment = attach(odd, Map.of("loop", "true"))) {
            assertThat(mount().resolve("disk/sub/hello")).hasContent("hello");
            assertThat(Files.size(Path.of(attachment.address()))).isEqualTo(odd.length);
        }
    }

    @Test
    void theOnlyPartitionThatCanBeMountedIs() throws Exception {
        try (Attachment _ = attach(disk(3), Map.of("loop", "true"))) {
            assertThat(mount().resolve("disk/sub/hello")).hasContent("hello");
            assertThat(mount().toFile().list())
                    .containsExactlyInAnyOrder("disk", "disk.img", "disk.status");
        }
    }

    @Test
    void ofSeveralPartitionsEachIsMountedByItsNumber() throws Exception {
        try (Attachment _ = attach(disk(1, 3), Map.of("loop", "true"))) {
            assertThat(mount().resolve("disk.1/sub/hello")).hasContent("hello");
            assertThat(mount().resolve("disk.3/sub/hello")).hasContent("hello");
            assertThat(mount().toFile().list())
                    .containsExactlyInAnyOrder("disk.1", "disk.3", "disk.img", "disk.status");
        }
    }

    @Test
    void aPartitionMayBeChosen() throws Exception {
        try (Attachment _ = attach(disk(1, 3), Map.of("loop", "true", "partition", "3"))) {
            assertThat(mount().resolve("disk/sub/hello")).hasContent("hello");
            assertThat(mount().toFile().list())
                    .containsExactlyInAnyOrder("disk", "disk.img", "disk.status");
        }
    }

    private void assertOnlyTheFileIsThere(Attachment attachment, byte[] image) throws IOException {
        assertThat(Path.of(attachment.address())).hasBinaryContent(image);
        assertThat(mount().toFile().list()).containsExactlyInAnyOrder("disk.img", "disk.status");
        assertThat(mounts()).hasSize(1);
        assertNoLoopDeviceIsLeft();
    }

    @Test
    void theFileIsThereAllTheSameWhereNothingCanBeMounted() throws Exception {
        byte[] noise = MemoryVolume.generated("noise", MIB, BLOCK, _ -> false).expected(0, MIB);
        for (byte[] image : List.of(noise, new byte[100], disk())) {
            try (Attachment attachment = attach(image, Map.of("loop", "true"))) {
                assertOnlyTheFileIsThere(attachment, image);
            }
        }
        byte[] disk = disk(1);
        try (Attachment attachment = attach(disk, Map.of("loop", "true", "partition", "7"))) {
            assertOnlyTheFileIsThere(attachment, disk);
        }
    }

    @Test
    void whatIsInUseIsToldAndNothingIsLost() throws Exception {
        try (Attachment attachment = attach(fileSystem, Map.of("loop", "true"))) {
            try (RandomAccessFile _ =
                    new RandomAccessFile(mount().resolve("disk/sub/hello").toFile(), "r")) {
                assertThat(catchThrowable(attachment::close))
                        .hasMessageContaining(mount().resolve("disk") + " is in use");
                assertThat(mount().resolve("disk/sub/hello")).hasContent("hello");
            }
        }
    }
}
