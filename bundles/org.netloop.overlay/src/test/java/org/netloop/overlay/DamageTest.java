package org.netloop.overlay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.api.volume.Overlays;
import org.netloop.api.volume.Overlays.OpenOverlay;
import org.netloop.tck.MemoryVolume;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Damage to what was flushed is told, and nothing of the log is deleted. */
class DamageTest {
    private static final int UNIT = Place.UNIT;
    private static final int SIZE = 64 * UNIT;

    @TempDir private Path directory;

    private final OverlayOpener overlays = new OverlayOpener();
    private final MemoryVolume base = MemoryVolume.generated("base", SIZE, UNIT, _ -> false);

    private OpenOverlay open() throws IOException {
        return overlays.open(base, directory.toString(), Overlays.UNLIMITED);
    }

    @BeforeEach
    void writeThreeUnits() throws Exception {
        try (OpenOverlay overlay = open()) {
            for (int unit = 0; unit < 3; unit++) {
                overlay.write((long) unit * UNIT, ByteBuffer.allocate(UNIT));
                overlay.flush();
            }
        }
    }

    private void flip(int place) throws IOException {
        Path segment = directory.resolve(Segment.name(1));
        byte[] bytes = Files.readAllBytes(segment);
        bytes[place] ^= 1;
        Files.write(segment, bytes);
    }

    private Map<String, byte[]> segments() throws IOException {
        Map<String, byte[]> found = new TreeMap<>();
        try (Stream<Path> all = Files.list(directory)) {
            for (Path file : all.filter(one -> one.toString().endsWith(".log")).toList()) {
                found.put(String.valueOf(file.getFileName()), Files.readAllBytes(file));
            }
        }
        return found;
    }

    private void assertRefused() throws IOException {
        Map<String, byte[]> before = segments();
        assertThatThrownBy(this::open)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("damaged");
        assertThat(segments()).containsExactlyInAnyOrderEntriesOf(before);
    }

    @Test
    void aDamagedRecordBeforeOthersIsTold() throws Exception {
        flip(Segment.HEAD + 8);
        assertRefused();
    }

    @Test
    void aDamagedLastRecordOfALogThatWasClosedIsTold() throws Exception {
        flip(Segment.HEAD + 2 * (Head.LENGTH + UNIT) + 8);
        assertRefused();
    }

    @Test
    void aSegmentWithRecordsButNoHeadIsTold() throws Exception {
        flip(0);
        assertRefused();
    }

    @Test
    void aSegmentOfAnotherOverlayIsTold() throws Exception {
        Path other = directory.resolve("other");
        try (OpenOverlay overlay = overlays.open(base, other.toString(), Overlays.UNLIMITED)) {
            overlay.write(0, ByteBuffer.allocate(UNIT));
        }
        Files.copy(other.resolve(Segment.name(1)), directory.resolve(Segment.name(2)));
        assertRefused();
    }

    @Test
    void aSegmentThatWasNeverFinishedIsNone() throws Exception {
        Files.write(directory.resolve(Segment.name(2)), new byte[Segment.HEAD]);
        open().close();
        assertThat(segments()).doesNotContainKey(Segment.name(2));
    }

    /** Each opening begins a segment. */
    private void writeMoreSegments() throws Exception {
        for (int unit = 3; unit < 6; unit++) {
            try (OpenOverlay overlay = open()) {
                overlay.write((long) unit * UNIT, ByteBuffer.allocate(UNIT));
            }
        }
    }

    @Test
    void aSegmentThatIsMissingIsNamed() throws Exception {
        writeMoreSegments();
        for (int number : new int[] {1, 2, 3}) {
            Path segment = directory.resolve(Segment.name(number));
            byte[] bytes = Files.readAllBytes(segment);
            Files.delete(segment);
            assertRefused();
            assertThatThrownBy(this::open)
                    .hasMessageContaining("segment '" + Segment.name(number) + "' is missing");
            Files.write(segment, bytes);
        }
        open().close();
        Files.delete(directory.resolve(Cleaned.NAME));
        assertRefused();
        assertThatThrownBy(this::open).hasMessageContaining("file 'cleaned' is missing");
    }

    @Test
    void gapsOfALogOfAFormerVersionAreTakenForCleaned() throws Exception {
        writeMoreSegments();
        Path heading = directory.resolve(Heading.NAME);
        Files.writeString(heading, Files.readString(heading).replace("overlay 2", "overlay 1"));
        Files.delete(directory.resolve(Cleaned.NAME));
        Files.delete(directory.resolve(Segment.name(2)));
        open().close();
        assertThat(heading).content().startsWith("netloop-overlay 2\n");
        Files.delete(directory.resolve(Segment.name(3)));
        assertRefused();
    }

    @Test
    void aSegmentThatIsNotNeededCanBeCutOffWhereItsNameHasNoRoom() throws Exception {
        byte[] bytes = new byte[3 * UNIT];
        Arrays.fill(bytes, (byte) 7);
        try (OpenOverlay overlay = open()) {
            overlay.write(0, ByteBuffer.wrap(bytes));
        }
        try (Storage storage = DiskStorage.hold(directory)) {
            Segment.empty(storage, 1);
        }
        assertThat(directory.resolve(Segment.name(1))).hasSize(Segment.HEAD + Head.LENGTH);
        try (OpenOverlay overlay = open()) {
            ByteBuffer read = ByteBuffer.allocate(3 * UNIT);
            overlay.read(0, read);
            assertThat(read.array()).isEqualTo(bytes);
        }
    }

    @Test
    void aRecordBehindTheEndOfTheVolumeIsTold() throws Exception {
        OverlayDirectory.at(directory).resize(2L * SIZE);
        byte[] heading = Files.readAllBytes(directory.resolve(Heading.NAME));
        try (OpenOverlay overlay = open()) {
            overlay.write(SIZE, ByteBuffer.allocate(UNIT));
        }
        Map<String, byte[]> before = segments();
        String smaller = new String(heading, java.nio.charset.StandardCharsets.UTF_8);
        Files.writeString(
                directory.resolve(Heading.NAME),
                smaller.replace("\nsize " + 2 * SIZE, "\nsize " + SIZE));
        assertThatThrownBy(this::open).hasMessageContaining("is not within the " + SIZE);
        assertThat(segments()).containsExactlyInAnyOrderEntriesOf(before);
    }
}
