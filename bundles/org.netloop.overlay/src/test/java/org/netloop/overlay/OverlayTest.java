package org.netloop.overlay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.api.block.Extent;
import org.netloop.api.volume.BlockState;
import org.netloop.api.volume.Overlays;
import org.netloop.api.volume.Overlays.OpenOverlay;
import org.netloop.api.volume.VolumeException;
import org.netloop.tck.MemoryVolume;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.UUID;

class OverlayTest {
    private static final int SIZE = 64 << 20;
    private static final int PIECE = 1 << 20;

    @TempDir private Path directory;

    private final OverlayOpener opener = new OverlayOpener();
    private final MemoryVolume base = volume("base");

    private static MemoryVolume volume(String name) {
        return MemoryVolume.generated(name, SIZE, 4096, block -> block % 3 == 1);
    }

    private static ByteBuffer bytes(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return ByteBuffer.wrap(bytes);
    }

    private static byte[] read(OverlayVolume volume, long offset, int length) throws Exception {
        ByteBuffer into = ByteBuffer.allocate(length);
        volume.read(offset, into);
        return into.array();
    }

    private OpenedOverlay open(String place, long budget) throws IOException {
        return (OpenedOverlay) opener.open(base, place, budget);
    }

    @Test
    void whatWasWrittenIsThereWhenItIsOpenedAgain() throws Exception {
        try (OpenedOverlay overlay = open(directory.toString(), Overlays.UNLIMITED)) {
            overlay.write(4095, bytes(3, 7));
            overlay.trim(8192, 4096);
        }
        try (OpenedOverlay overlay = open(directory.toString(), Overlays.UNLIMITED)) {
            assertThat(read(overlay, 4095, 3)).containsExactly(7, 7, 7);
            assertThat(read(overlay, 0, 4095)).isEqualTo(base.expected(0, 4095));
            assertThat(overlay.extent(8192, 4096)).isEqualTo(new Extent(8192, 4096, true));
        }
    }

    @Test
    void whatWasWrittenIsOverlaidAndTheRestIsWhereTheVolumeBelowHasIt() throws Exception {
        try (OpenedOverlay overlay = open(Overlays.MEMORY, Overlays.UNLIMITED)) {
            overlay.write(4096, bytes(4096, 7));
            assertThat(overlay.state(0))
                    .isEqualTo(new BlockState(BlockState.Place.UNKNOWN, false, 4096));
            assertThat(overlay.state(5000))
                    .isEqualTo(new BlockState(BlockState.Place.OVERLAID, false, 8192));
            assertThatThrownBy(() -> overlay.state(SIZE))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void anotherImageIsRefused() throws Exception {
        open(directory.toString(), Overlays.UNLIMITED).close();
        assertThatThrownBy(() -> opener.open(volume("other"), directory.toString(), 0))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("stands on " + base.identity());
    }

    @Test
    void whatIsInUseIsRefused() throws Exception {
        try (OpenOverlay _ = open(directory.toString(), Overlays.UNLIMITED)) {
            assertThatThrownBy(() -> open(directory.toString(), Overlays.UNLIMITED))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("in use");
        }
    }

    @Test
    void aBudgetThatIsUsedUpIsToldToTheWriterAndLosesNothing() throws Exception {
        try (OpenedOverlay overlay = open(Overlays.MEMORY, Limits.LEAST)) {
            int written = 0;
            VolumeException failure = null;
            while (failure == null) {
                try {
                    overlay.write((long) written * PIECE, bytes(PIECE, written + 1));
                    written++;
                } catch (VolumeException.NoSpace e) {
                    failure = e;
                }
            }
            assertThat(written).isBetween(8, 16);
            for (int piece = 0; piece < written; piece++) {
                assertThat(read(overlay, (long) piece * PIECE, PIECE))
                        .isEqualTo(bytes(PIECE, piece + 1).array());
            }
            overlay.trim(0, 4L * PIECE);
            for (int again = 0; again < 20; again++) {
                overlay.write(4L * PIECE, bytes(PIECE, 5));
            }
            for (int piece = 4; piece < written; piece++) {
                assertThat(read(overlay, (long) piece * PIECE, PIECE))
                        .isEqualTo(bytes(PIECE, piece + 1).array());
            }
        }
    }

    @Test
    void aFullDiskIsToldToTheWriterAndLosesNothing() throws Exception {
        PowerCutStorage storage = new PowerCutStorage();
        Heading heading = new Heading(UUID.randomUUID(), base.identity(), SIZE, SIZE);
        Limits limits = Limits.of(Limits.UNLIMITED);
        Journal journal = Journal.open(storage, heading, limits, Runnable::run);
        OverlayVolume volume = new OverlayVolume("root", base, journal);
        volume.write(0, bytes(8192, 1));
        storage.room(6000);
        assertThatThrownBy(() -> volume.write(4096, bytes(8192, 2)))
                .isInstanceOf(VolumeException.NoSpace.class);
        assertThat(read(volume, 4096, 4096)).isEqualTo(bytes(4096, 1).array());
        storage.room(Long.MAX_VALUE);
        volume.write(4096, bytes(8192, 3));
        volume.flush();
        Journal again = Journal.open(storage, heading, limits, Runnable::run);
        OverlayVolume after = new OverlayVolume("root", base, again);
        assertThat(read(after, 0, 4096)).isEqualTo(bytes(4096, 1).array());
        assertThat(read(after, 4096, 8192)).isEqualTo(bytes(8192, 3).array());
    }

    @Test
    void aReadWhereNothingWasWrittenIsTheBases() throws Exception {
        try (OpenedOverlay overlay = open(Overlays.MEMORY, Overlays.UNLIMITED)) {
            assertThat(read(overlay, 12345, 100_000)).isEqualTo(base.expected(12345, 100_000));
            base.setAbsent(true);
            ByteBuffer into = ByteBuffer.allocate(100);
            assertThat(overlay.readIfPresent(0, into)).isFalse();
            assertThat(into.position()).isZero();
        }
    }
}
