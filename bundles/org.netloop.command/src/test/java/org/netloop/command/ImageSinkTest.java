package org.netloop.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.tck.Machine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;

@Timeout(60)
class ImageSinkTest {
    private static final int BYTES = 100_000;
    private static final int HOLE = 3 << 20;
    private static final int SIZE = BYTES + HOLE;

    @TempDir Path directory;

    private String device = "";

    @AfterEach
    void detach() throws Exception {
        if (!device.isEmpty()) {
            run("losetup", "-d", device);
        }
    }

    private static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes()).strip();
        assertThat(process.waitFor()).as(String.join(" ", command) + ": " + said).isZero();
        return said;
    }

    private static byte[] image() {
        byte[] image = new byte[SIZE];
        Arrays.fill(image, 0, BYTES, (byte) 'x');
        return image;
    }

    private static void extract(Path to, boolean force) throws IOException {
        try (ImageSink sink = ImageSink.open(to, SIZE, force)) {
            sink.write(ByteBuffer.wrap(image(), 0, BYTES), 0);
            sink.zero(BYTES, HOLE);
            sink.finish();
        }
    }

    @Test
    void aFileHasTheImageWithItsHoles() throws Exception {
        Path file = directory.resolve("file");
        extract(file, false);
        assertThat(file).hasBinaryContent(image());
    }

    @Test
    void aFileWithBytesIsReplacedOnlyByForceAndKeepsItsMode() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "old");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of("file"));
        for (Path path : new Path[] {file, link}) {
            assertThatThrownBy(() -> extract(path, false)).hasMessageContaining("--force");
        }
        assertThat(file).hasContent("old");
        extract(link, true);
        assertThat(link).isSymbolicLink();
        assertThat(file).hasBinaryContent(image());
        assertThat(Files.getPosixFilePermissions(file))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void anEmptyFileHasNothingToLose() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        extract(file, false);
        assertThat(file).hasBinaryContent(image());
    }

    @Test
    void aPipeIsRefusedInsteadOfWaitingForItsReader() throws Exception {
        Path fifo = directory.resolve("fifo");
        run("mkfifo", fifo.toString());
        assertThatThrownBy(() -> extract(fifo, true)).hasMessageContaining("netloop cat REF");
        assertThat(FileKind.of(fifo)).isEqualTo(FileKind.FIFO);
    }

    @Test
    void aCharacterDeviceStaysWhatItIs() throws Exception {
        Path device = Path.of("/dev/null");
        extract(device, false);
        assertThat(FileKind.of(device)).isEqualTo(FileKind.CHARACTER_DEVICE);
    }

    @Test
    void aDirectoryIsRefused() {
        assertThatThrownBy(() -> extract(directory, true)).hasMessageContaining("is a directory");
    }

    private Path device(int size) throws Exception {
        Machine.needsRoot("making a loop device");
        Machine.needsProgram("losetup");
        Path disk = directory.resolve("disk");
        byte[] old = new byte[size];
        Arrays.fill(old, (byte) 'o');
        Files.write(disk, old);
        device = run("losetup", "-f", "--show", disk.toString());
        return Path.of(device);
    }

    @Test
    void aBlockDeviceIsWrittenIntoAndItsOldBytesAreGone() throws Exception {
        int tail = 1 << 20;
        // A loop device has whole sectors.
        int room = (SIZE + tail) / 512 * 512;
        Path to = device(room);
        extract(to, false);
        byte[] disk = Files.readAllBytes(directory.resolve("disk"));
        assertThat(Arrays.copyOf(disk, SIZE)).isEqualTo(image());
        assertThat(Arrays.copyOfRange(disk, SIZE, room)).containsOnly('o');
        assertThat(FileKind.of(to)).isEqualTo(FileKind.BLOCK_DEVICE);
    }

    @Test
    void aBlockDeviceThatIsTooSmallIsLeftAsItIs() throws Exception {
        Path to = device(1 << 20);
        assertThatThrownBy(() -> extract(to, true))
                .hasMessageContaining("does not fit on " + to)
                .hasMessageContaining("nothing was written");
        assertThat(Files.readAllBytes(directory.resolve("disk"))).containsOnly('o');
    }

    @Test
    void aBlockDeviceHasOneWriterAtATime() throws Exception {
        Path to = device(4 << 20);
        try (ImageSink _ = ImageSink.open(to, SIZE, false)) {
            assertThatThrownBy(() -> ImageSink.open(to, SIZE, true))
                    .hasMessageContaining("is in use");
        }
        ImageSink.open(to, SIZE, false).close();
    }
}
