package org.netloop.api.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

class AtomicFileTest {
    @TempDir Path directory;

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    private static boolean isRoot(Path file) throws IOException {
        return Files.getOwner(file).getName().equals("root");
    }

    private static void giveAway(Path file) throws IOException {
        Files.setAttribute(file, "unix:uid", 1);
        Files.setAttribute(file, "unix:gid", 1);
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void itTakesItsPlaceWhenItIsFinished() throws Exception {
        Path target = Files.writeString(directory.resolve("target"), "old");
        try (AtomicFile file = AtomicFile.create(target)) {
            file.write(bytes("ne"));
            file.write(bytes("w"));
            assertThat(target).hasContent("old");
            file.finish();
            assertThat(target).hasContent("new");
        }
        assertThat(names()).containsExactly("target");
    }

    @Test
    void whatIsGivenUpLeavesNothing() throws Exception {
        Path target = Files.writeString(directory.resolve("target"), "old");
        try (AtomicFile file = AtomicFile.create(target)) {
            file.write(bytes("new"));
        }
        assertThat(target).hasContent("old");
        assertThat(names()).containsExactly("target");
    }

    @Test
    void bytesMayBeWrittenAnywhereAndBetweenThemIsAHole() throws Exception {
        Path target = directory.resolve("target");
        try (AtomicFile file = AtomicFile.create(target)) {
            file.write(bytes("end"), 5);
            file.write(bytes("ab"), 0);
            assertThat(file.size()).isEqualTo(8);
            file.finish();
        }
        assertThat(target).hasContent("ab\0\0\0end");
    }

    @Test
    void whatIsReplacedKeepsItsModeAndItsOwners() throws Exception {
        Path target = Files.writeString(directory.resolve("target"), "secret");
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rw-r-x---"));
        boolean root = isRoot(target);
        if (root) {
            giveAway(target);
        }
        AtomicFile.write(target, bytes("new"));
        assertThat(target).hasContent("new");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target)))
                .isEqualTo("rw-r-x---");
        if (root) {
            assertThat(Files.getAttribute(target, "unix:uid")).isEqualTo(1);
            assertThat(Files.getAttribute(target, "unix:gid")).isEqualTo(1);
        }
    }

    @Test
    void aPartIsNotReadableForMoreThanWhatItReplaces() throws Exception {
        Path target = Files.createFile(directory.resolve("target"), PrivateDirectory.ownersFile());
        try (AtomicFile _ = AtomicFile.create(target)) {
            String part = names().getFirst();
            assertThat(part).startsWith(".target.netloop-");
            assertThat(Files.getPosixFilePermissions(directory.resolve(part)))
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        }
    }

    @Test
    void aLinkStaysAndWhatItLeadsToIsReplaced() throws Exception {
        Path real = Files.writeString(directory.resolve("real"), "old");
        Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of("real"));
        Path dangling = Files.createSymbolicLink(directory.resolve("dangling"), Path.of("made"));
        AtomicFile.write(link, bytes("new"));
        AtomicFile.write(dangling, bytes("new"));
        assertThat(link).isSymbolicLink();
        assertThat(dangling).isSymbolicLink();
        assertThat(real).hasContent("new");
        assertThat(directory.resolve("made")).hasContent("new");
    }

    @Test
    void linksInACircleAreToldApart() throws Exception {
        Path one = directory.resolve("one");
        Files.createSymbolicLink(one, Path.of("two"));
        Files.createSymbolicLink(directory.resolve("two"), Path.of("one"));
        assertThatThrownBy(() -> AtomicFile.create(one))
                .isInstanceOf(FileSystemLoopException.class);
    }

    @Test
    void aLinkThatAnotherUserPlantedIsNotFollowed() throws Exception {
        Path victim = Files.writeString(directory.resolve("victim"), "own");
        Path shared = Files.createDirectory(directory.resolve("shared"));
        Files.setAttribute(shared, "unix:mode", 01777);
        Path link = Files.createSymbolicLink(shared.resolve("out"), victim);
        if (!isRoot(victim)) {
            return; // others may not give links away
        }
        Files.setAttribute(link, "unix:uid", 1, LinkOption.NOFOLLOW_LINKS);
        assertThatThrownBy(() -> AtomicFile.create(link))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("a symbolic link that the user")
                .hasMessageContaining("not followed");
        assertThat(victim).hasContent("own");
    }

    @Test
    void whatIsNotAFileIsNotReplaced() throws Exception {
        Path fifo = directory.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor()).isZero();
        for (Path path : List.of(fifo, Files.createDirectory(directory.resolve("sub")))) {
            assertThatThrownBy(() -> AtomicFile.create(path))
                    .isInstanceOf(FileSystemException.class)
                    .hasMessageContaining("it is not a file");
        }
        assertThat(names()).containsExactly("fifo", "sub");
    }

    @Test
    void ofSeveralWritersTheLastToFinishWinsWithTheWhole() throws Exception {
        Path target = directory.resolve("target");
        try (AtomicFile one = AtomicFile.create(target);
                AtomicFile other = AtomicFile.create(target)) {
            one.write(bytes("one"));
            other.write(bytes("the other"));
            other.finish();
            assertThat(target).hasContent("the other");
            one.finish();
            assertThat(target).hasContent("one");
        }
        assertThat(names()).containsExactly("target");
    }

    @Test
    void whatAKilledWriterLeftIsDeletedByTheNextToThatName() throws Exception {
        Path target = directory.resolve("target");
        Path left = Files.createFile(PartName.fresh(target));
        List<Path> foreign =
                List.of(
                        Files.createFile(PartName.fresh(directory.resolve("other"))),
                        Files.createFile(directory.resolve(".target.netloop-mine")),
                        Files.createFile(
                                directory.resolve(".target.netloop-" + "0123456789".repeat(4))));
        AtomicFile.write(target, bytes("new"));
        assertThat(left).doesNotExist();
        assertThat(foreign).allSatisfy(file -> assertThat(file).exists());
    }

    @Test
    void whoWantsToBeAloneIsRefusedWhileAnotherWrites() throws Exception {
        Path target = directory.resolve("target");
        Files.createFile(PartName.fresh(target)); // a killed writer's
        try (AtomicFile one = AtomicFile.createAlone(target)) {
            assertThatThrownBy(() -> AtomicFile.createAlone(target))
                    .isInstanceOf(FileSystemException.class)
                    .hasMessageContaining(target + ": another process is writing it, as .target.");
            one.write(bytes("one"));
            one.finish();
        }
        try (AtomicFile other = AtomicFile.createAlone(target)) {
            other.write(bytes("other"));
            other.finish();
        }
        assertThat(target).hasContent("other");
        assertThat(names()).containsExactly("target");
    }

    @Test
    void targetsWithTheSameBeginningHavePartsOfTheirOwn() throws Exception {
        String long1 = "a".repeat(100);
        try (AtomicFile _ = AtomicFile.createAlone(directory.resolve(long1 + "1"));
                AtomicFile _ = AtomicFile.createAlone(directory.resolve(long1 + "2"))) {
            assertThat(names()).hasSize(2);
        }
    }

    @Test
    void aLinkInPlaceOfALeftOverIsNotFollowed() throws Exception {
        Path victim = Files.writeString(directory.resolve("victim"), "own");
        Path planted = PartName.fresh(directory.resolve("target"));
        Files.createSymbolicLink(planted, victim);
        AtomicFile.write(directory.resolve("target"), bytes("new"));
        assertThat(victim).hasContent("own");
        assertThat(planted).isSymbolicLink();
    }

    @Test
    void aLongNameHasAPartOfAShorterOne() throws Exception {
        Path target = directory.resolve("a".repeat(250));
        AtomicFile.write(target, bytes("new"));
        assertThat(target).hasContent("new");
    }

    @Test
    void whereNothingCanBeMadeTheFileIsNamedAndNotItsPart() {
        // Not even root makes files there.
        for (String name : List.of("/proc/an.img", "/sys/an.img")) {
            assertThatThrownBy(() -> AtomicFile.create(Path.of(name)))
                    .isInstanceOfSatisfying(
                            FileSystemException.class,
                            e -> assertThat(e.getFile()).isEqualTo(name));
        }
    }

    @Test
    void aFullDiskIsToldWithItsName() {
        IOException told =
                WriteFailures.of(
                        directory.resolve("image"), new IOException("No space left on device"));
        assertThat(told)
                .isInstanceOf(FileSystemException.class)
                .hasMessageStartingWith(directory.resolve("image") + ": the file system is full: ")
                .hasMessageMatching(".* [0-9]+ of [0-9]+ MiB are free on .*");
        assertThat(
                        WriteFailures.of(
                                Path.of("/dev/full"), new IOException("No space left on device")))
                .hasMessage("/dev/full: the device takes no more bytes");
    }
}
