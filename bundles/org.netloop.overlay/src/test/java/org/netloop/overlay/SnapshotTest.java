package org.netloop.overlay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.api.block.Extent;
import org.netloop.api.volume.Overlays;
import org.netloop.api.volume.Overlays.OpenOverlay;
import org.netloop.api.volume.Overlays.OpenSnapshot;
import org.netloop.api.volume.Volume;
import org.netloop.api.volume.VolumeException;
import org.netloop.tck.MemoryImage;

import picocli.CommandLine;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Snapshots are read beside a writer, and overlays are carried over to other images. */
@Timeout(60)
class SnapshotTest {
    private static final int UNIT = Place.UNIT;
    private static final int BLOCK = 16 * UNIT;
    private static final int SIZE = 40 * BLOCK + 1000;

    @TempDir Path directory;

    private final OverlayOpener overlays = new OverlayOpener();
    private final byte[] bytes = noise(1);
    private final MemoryImage base = MemoryImage.of(BLOCK, bytes);

    private static byte[] noise(int seed) {
        byte[] made = new byte[SIZE];
        new Random(seed).nextBytes(made);
        return made;
    }

    private static ByteBuffer filled(int length, int value) {
        byte[] made = new byte[length];
        Arrays.fill(made, (byte) value);
        return ByteBuffer.wrap(made);
    }

    private static byte[] content(Volume volume) throws Exception {
        ByteBuffer all = ByteBuffer.allocate((int) volume.size());
        volume.read(0, all);
        return all.array();
    }

    private OpenOverlay open() throws IOException {
        return overlays.open(base, directory.toString(), Overlays.UNLIMITED);
    }

    private Map<String, byte[]> files() throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> all = Files.list(directory)) {
            for (Path file : all.toList()) {
                files.put(String.valueOf(file.getFileName()), Files.readAllBytes(file));
            }
        }
        return files;
    }

    @Test
    void aSnapshotStaysAsItWasWhileTheOverlayIsWrittenTo() throws Exception {
        Overlay opened = Overlay.open(directory.toString(), base, Limits.of(Limits.UNLIMITED));
        try (OpenOverlay overlay = new OpenedOverlay(base, opened)) {
            overlay.write(BLOCK + 5, filled(UNIT, 7));
            overlay.trim(3L * BLOCK, BLOCK);
            byte[] then = content(overlay);
            Snapshots.take(opened.journal(), "then");
            for (int round = 0; round < 200; round++) {
                overlay.write((long) (round % 40) * BLOCK, filled(BLOCK, round));
            }
            try (OpenSnapshot snapshot = overlays.openSnapshot(base, directory, "then")) {
                assertThat(content(snapshot)).isEqualTo(then);
                assertThat(snapshot.isWritable()).isFalse();
                assertThat(snapshot.identity()).isNotEqualTo(overlay.identity());
                assertThatThrownBy(() -> snapshot.write(0, filled(UNIT, 1)))
                        .isInstanceOf(VolumeException.ReadOnly.class);
            }
            assertThat(overlays.about(directory).snapshots()).containsExactly("then");
            assertThat(overlays.about(directory).inUse()).isTrue();
            Snapshots.discard(opened.journal(), "then");
            assertThat(overlays.about(directory).snapshots()).isEmpty();
        }
    }

    @Test
    void whoOnlyLooksOpensNothingForWriting() throws Exception {
        try (OpenOverlay overlay = open()) {
            overlay.write(0, filled(UNIT, 7));
        }
        try (Storage looked = DiskStorage.look(directory);
                Storage.File segment = looked.open(Segment.name(1))) {
            assertThatThrownBy(() -> segment.write(filled(UNIT, 8), 0))
                    .isInstanceOf(NonWritableChannelException.class);
            Thread.currentThread().interrupt();
            ByteBuffer head = ByteBuffer.allocate(Segment.HEAD);
            segment.read(head, 0); // closed by the JDK, and opened again
            assertThat(Thread.interrupted()).isTrue();
            assertThatThrownBy(() -> segment.write(filled(UNIT, 8), 0))
                    .isInstanceOf(NonWritableChannelException.class);
        }
    }

    @Test
    void whatVanishesAfterItWasListedIsLeftOut() throws Exception {
        open().close();
        overlays.takeSnapshot(directory, "kept");
        OverlayDirectory looked = OverlayDirectory.at(directory);
        long used = looked.used();
        // A link to nowhere is listed, and is not there for whoever opens it.
        Path nowhere = directory.resolve("nowhere");
        Files.createSymbolicLink(directory.resolve("gone.snapshot"), nowhere);
        Files.createSymbolicLink(directory.resolve(Segment.name(99)), nowhere);
        assertThat(looked.about().snapshots()).containsExactly("kept");
        assertThat(looked.used()).isEqualTo(used).isPositive();
    }

    @Test
    void aSnapshotTellsWhereItDiffersFromTheImage() throws Exception {
        try (OpenOverlay overlay = open()) {
            overlay.write(2L * BLOCK + 5, filled(10, 7));
            overlay.trim(3L * BLOCK, BLOCK);
        }
        overlays.takeSnapshot(directory, "now");
        try (OpenSnapshot snapshot = overlays.openSnapshot(base, directory, "now")) {
            assertThat(snapshot.base()).isEqualTo(base.identity());
            assertThat(snapshot.nextChange(0)).isEqualTo(2L * BLOCK);
            assertThat(snapshot.nextChange(2L * BLOCK + UNIT)).isEqualTo(3L * BLOCK);
            assertThat(snapshot.nextChange(3L * BLOCK + 1)).isEqualTo(3L * BLOCK + 1);
            assertThat(snapshot.nextChange(4L * BLOCK)).isEqualTo(SIZE);
            assertThat(snapshot.nextChange(SIZE)).isEqualTo(SIZE);
        }
        overlays.discardSnapshot(directory, "now");
        assertThatThrownBy(() -> overlays.openSnapshot(base, directory, "now"))
                .hasMessageContaining("no snapshot 'now'");
    }

    @Test
    void whatLiesBehindTheImageMayDiffer() throws Exception {
        open().close();
        OverlayDirectory.at(directory).resize(SIZE + BLOCK);
        overlays.takeSnapshot(directory, "large");
        try (OpenSnapshot snapshot = overlays.openSnapshot(base, directory, "large")) {
            assertThat(snapshot.nextChange(0)).isEqualTo(SIZE);
            assertThat(snapshot.nextChange(SIZE + 1L)).isEqualTo(SIZE + 1L);
            assertThat(content(snapshot)).isEqualTo(Arrays.copyOf(bytes, SIZE + BLOCK));
        }
    }

    @Test
    void aSizeIsGivenToTheCommandAsToItsOptions() throws Exception {
        open().close();
        CommandLine command = new CommandLine(new OverlayCommand());
        assertThat(command.execute("resize", directory.toString(), "1G")).isZero();
        assertThat(OverlayDirectory.at(directory).about().size()).isEqualTo(1L << 30);
    }

    @Test
    void aSizeThatCouldNotBeOpenedAnyMoreIsRefused() throws Exception {
        open().close();
        OverlayDirectory overlay = OverlayDirectory.at(directory);
        assertThatThrownBy(() -> overlay.resize(Long.MAX_VALUE))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("more than");
        open().close();
    }

    @Test
    void aDamagedSnapshotIsRefused() throws Exception {
        try (OpenOverlay overlay = open()) {
            overlay.write(0, filled(BLOCK, 7));
        }
        overlays.takeSnapshot(directory, "now");
        Path first = directory.resolve(Segment.name(1));
        Files.write(first, Arrays.copyOf(Files.readAllBytes(first), 2 * UNIT));
        assertThatThrownBy(() -> overlays.openSnapshot(base, directory, "now"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("damaged");
    }

    @Test
    void aSnapshotWithoutItsLastSegmentIsRefused() throws Exception {
        try (OpenOverlay overlay = open()) {
            overlay.write(0, filled(BLOCK, 7));
        }
        overlays.takeSnapshot(directory, "now");
        Path named = directory.resolve("now.snapshot");
        int last = Integer.parseInt(Files.readString(named).strip());
        Files.delete(directory.resolve(Segment.name(last)));
        assertThatThrownBy(() -> overlays.openSnapshot(base, directory, "now"))
                .hasMessageContaining("damaged");
    }

    /** A place that refuses some small files. */
    private static Storage withoutRoom(Storage storage, Predicate<String> refused) {
        return (Storage)
                Proxy.newProxyInstance(
                        Storage.class.getClassLoader(),
                        new Class<?>[] {Storage.class},
                        (_, method, arguments) -> {
                            if (method.getName().equals("replace")
                                    && refused.test((String) arguments[0])) {
                                throw new StorageFullException("the disk is full");
                            }
                            return method.invoke(storage, arguments);
                        });
    }

    @Test
    void aSnapshotThatCannotBeTakenKeepsNoRoom() throws Exception {
        Storage full = withoutRoom(new MemoryStorage(), name -> name.endsWith(".snapshot"));
        Heading heading = new Heading(new UUID(1, 2), base.identity(), SIZE, SIZE);
        try (Journal journal =
                Journal.open(full, heading, Limits.of(Limits.UNLIMITED), Runnable::run)) {
            assertThat(journal.data(0, filled(UNIT, 1), () -> true)).isTrue();
            assertThatThrownBy(() -> Snapshots.take(journal, "now"))
                    .isInstanceOf(StorageFullException.class);
            assertThat(journal.data(0, filled(UNIT, 2), () -> true)).isTrue();
            assertThat(journal.cleaner().makeRoom()).isTrue();
            assertThat(full.names()).doesNotContain(Segment.name(1));
        }
    }

    @Test
    void aSegmentIsCleanedThoughAFullDiskHasNoRoomForItsName() throws Exception {
        AtomicBoolean isFull = new AtomicBoolean();
        Storage full =
                withoutRoom(
                        new MemoryStorage(),
                        name -> name.equals(Cleaned.NAME) && isFull.getAndSet(false));
        Heading heading = new Heading(new UUID(1, 2), base.identity(), SIZE, SIZE);
        try (Journal journal =
                Journal.open(full, heading, Limits.of(Limits.UNLIMITED), Runnable::run)) {
            assertThat(journal.data(0, filled(UNIT, 1), () -> true)).isTrue();
            assertThat(journal.data(0, filled(UNIT, 2), () -> true)).isTrue();
            isFull.set(true);
            assertThat(journal.cleaner().makeRoom()).isTrue();
            assertThat(isFull).isFalse();
            assertThat(full.names()).doesNotContain(Segment.name(1));
        }
    }

    /** The image with some bytes of other values. */
    private MemoryImage updated(int... places) {
        byte[] after = Arrays.copyOf(bytes, SIZE + BLOCK);
        for (int place : places) {
            after[place] ^= 1;
        }
        return MemoryImage.of(BLOCK, after);
    }

    @Test
    void withoutAConflictTheOverlayStandsOnTheOtherImage() throws Exception {
        try (OpenOverlay overlay = open()) {
            overlay.write(BLOCK, filled(UNIT, 7));
        }
        MemoryImage next = updated(BLOCK + UNIT, 9 * BLOCK);
        assertThat(overlays.rebase(directory, base, next, false)).isEmpty();
        try (OpenOverlay overlay = overlays.open(next, directory.toString(), Overlays.UNLIMITED)) {
            byte[] wanted = content(next);
            Arrays.fill(wanted, BLOCK, BLOCK + UNIT, (byte) 7);
            assertThat(overlay.size()).isEqualTo(next.size());
            assertThat(content(overlay)).isEqualTo(wanted);
        }
        assertThatThrownBy(this::open).hasMessageContaining("stands on " + next.identity());
    }

    @Test
    void aConflictIsToldAndNothingIsTouched() throws Exception {
        try (OpenOverlay overlay = open()) {
            overlay.write(BLOCK + UNIT, filled(3 * UNIT, 7));
            overlay.trim(20L * BLOCK, BLOCK);
        }
        MemoryImage next =
                updated(BLOCK + UNIT, BLOCK + 2 * UNIT, BLOCK + 5 * UNIT, 20 * BLOCK + 4 * UNIT);
        Map<String, byte[]> files = files();
        List<Extent> conflicts =
                List.of(
                        new Extent(BLOCK + UNIT, 2 * UNIT, false),
                        new Extent(20 * BLOCK + 4 * UNIT, UNIT, false));
        assertThat(overlays.rebase(directory, base, next, false)).isEqualTo(conflicts);
        assertThat(files()).containsExactlyInAnyOrderEntriesOf(files);

        assertThat(overlays.rebase(directory, base, next, true)).isEqualTo(conflicts);
        try (OpenOverlay overlay = overlays.open(next, directory.toString(), Overlays.UNLIMITED)) {
            byte[] wanted = content(next);
            Arrays.fill(wanted, BLOCK + UNIT, BLOCK + 4 * UNIT, (byte) 7);
            Arrays.fill(wanted, 20 * BLOCK, 21 * BLOCK, (byte) 0);
            assertThat(content(overlay)).isEqualTo(wanted);
        }
    }

    @Test
    void aConflictBehindABlockThatEndsWithinAUnitIsTold() throws Exception {
        int odd = UNIT + 1000;
        byte[] after = bytes.clone();
        after[odd] ^= 1;
        MemoryImage before = MemoryImage.of(odd, bytes);
        try (OpenOverlay overlay =
                overlays.open(before, directory.toString(), Overlays.UNLIMITED)) {
            overlay.write(0, filled(3 * UNIT, 7));
        }
        assertThat(overlays.rebase(directory, before, MemoryImage.of(odd, after), false))
                .containsExactly(new Extent(UNIT, UNIT, false));
    }

    @Test
    void whatCannotBeCarriedOverIsRefused() throws Exception {
        try (OpenOverlay overlay = open()) {
            overlay.write(0, filled(UNIT, 7));
            assertThatThrownBy(() -> overlays.rebase(directory, base, updated(), false))
                    .hasMessageContaining("in use");
        }
        MemoryImage smaller = MemoryImage.of(BLOCK, Arrays.copyOf(bytes, BLOCK));
        assertThatThrownBy(() -> overlays.rebase(directory, base, smaller, false))
                .hasMessageContaining("fewer than");
        assertThatThrownBy(() -> overlays.rebase(directory, updated(), base, false))
                .hasMessageContaining("stands on " + base.identity());
        overlays.takeSnapshot(directory, "old");
        assertThatThrownBy(() -> overlays.rebase(directory, base, updated(), false))
                .hasMessageContaining("discard them first");
    }
}
