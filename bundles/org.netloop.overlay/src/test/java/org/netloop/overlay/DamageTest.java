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
