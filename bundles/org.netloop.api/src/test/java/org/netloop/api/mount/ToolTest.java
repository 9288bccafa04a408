package org.netloop.api.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Tests programs of the system, and what the kernel tells of this process and its mounts. */
class ToolTest {
    @TempDir Path directory;

    @Test
    void aProgramGivesItsOutputWithoutTheEndOfTheLine() throws IOException {
        assertThat(Tool.run("sh", "-c", "echo ' out '; echo err >&2")).isEqualTo("out");
        assertThat(Tool.run("sh", "-c", "echo $LC_ALL")).isEqualTo("C");
        assertThat(Tool.run("cat")).isEmpty();
    }

    @Test
    void aProgramThatFailsSaysWhyInItsFirstLine() {
        assertThatThrownBy(
                        () -> Tool.run("sh", "-c", "printf '\\n\\nfirst\\nsecond\\n' >&2; exit 3"))
                .isInstanceOf(IOException.class)
                .hasMessage("first");
        assertThatThrownBy(() -> Tool.run("sh", "-c", "exit 3")).hasMessage("sh ended with 3");
        assertThatThrownBy(() -> Tool.run("no-such-program"))
                .hasMessageStartingWith("no-such-program cannot be run: is it installed?");
    }

    @Test
    void anInterruptionEndsTheWaiting() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> Tool.run("sleep", "50")).hasMessage("sleep was interrupted");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void aProgramIsFoundInTheDirectoriesOfASystem() throws IOException {
        assertThat(Tool.exists(directory, "tool")).isFalse();
        assertThatThrownBy(() -> Tool.find(directory, "tool"))
                .isInstanceOf(IOException.class)
                .hasMessage("tool is not installed");
        Path tool = directory.resolve("usr/local/sbin/tool");
        Files.createDirectories(tool.getParent());
        Files.createFile(
                tool,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--")));
        assertThat(Tool.exists(directory, "tool")).isFalse();
        Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(Tool.exists(directory, "tool")).isTrue();
        assertThat(Tool.find(directory, "tool")).isEqualTo(tool);
    }

    @Test
    void thisProcessHasAUser() throws IOException {
        assertThat(Caller.uid()).isEqualTo(Long.parseLong(Tool.run("id", "-u")));
        assertThat(Caller.gid()).isEqualTo(Long.parseLong(Tool.run("id", "-g")));
        assertThat(Caller.isRoot()).isEqualTo(Caller.uid() == 0);
    }

    @Test
    void aThreadThatIsGoneIsDyingAndThisOneIsNot() throws IOException {
        assertThat(Signals.isDying((int) ProcessHandle.current().pid())).isFalse();
        assertThat(Signals.isDying(Integer.MAX_VALUE)).isTrue();
        assertThat(Signals.isDying(0)).isFalse();
    }

    @Test
    void theMountsOfThisProcessAreRead() throws IOException {
        MountTable.Entry proc = MountTable.read().at(Path.of("/proc"));
        assertThat(Objects.requireNonNull(proc).type()).isEqualTo("proc");
    }

    @ParameterizedTest
    @CsvSource({"fuse,true", "fuse.netloop,true", "fuseblk,true", "fusectl,false", "ext4,false"})
    void mountsOfFuseAreKnownByTheirType(String type, boolean fuse) {
        assertThat(new MountTable.Entry(directory, type, "0:1", "x").isFuse()).isEqualTo(fuse);
    }

    private void prepare(Path place) throws IOException {
        List<String> said = new ArrayList<>();
        MountPoint.prepare(place, new Notes(said::add, said::add));
        assertThat(said).isEmpty();
    }

    @Test
    void aDirectoryToMountAtIsMade() throws IOException {
        Path place = directory.resolve("a/b");
        prepare(place);
        assertThat(place).isEmptyDirectory();
        assertThatCode(() -> prepare(place)).doesNotThrowAnyException();
    }

    @Test
    void whatCannotBeMountedAtIsTold() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));
        assertThatThrownBy(() -> prepare(directory))
                .hasMessage(directory + " is not empty: choose an empty directory to mount at");
        assertThatThrownBy(() -> prepare(file))
                .hasMessage(file + " is a file: choose a directory to mount at");
        assertThatThrownBy(() -> prepare(file.resolve("below")))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(file.resolve("below") + " cannot be mounted at: ");
    }

    @Test
    void aDirectoryIsNamedAsTheKernelNamesIt() throws IOException {
        Path real = Files.createDirectory(directory.toRealPath().resolve("real"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), real);
        assertThat(MountPoint.real(link)).isEqualTo(real);
        assertThat(MountPoint.real(link.resolve("none/deeper")))
                .isEqualTo(real.resolve("none/deeper"));
        assertThat(MountPoint.real(Path.of("/"))).isEqualTo(Path.of("/"));
    }

    @ParameterizedTest
    @CsvSource({
        "crypto_LUKS,      is encrypted (LUKS)",
        "LVM2_member,      belongs to an LVM volume group",
        "linux_raid_member,belongs to a RAID array",
        "isw_raid_member,  belongs to a RAID array",
        "zfs_member,       belongs to a ZFS pool",
        "swap,             is swap space"
    })
    void whatIsNoFileSystemIsNamed(String type, String what) {
        assertThat(FileSystemType.whyNot(type, "mount: /m: wrong fs type")).startsWith(what);
    }

    @Test
    void aTableThatIsNoneHasNoPartitions() throws IOException {
        assertThat(Slice.parse("", 1 << 20)).isEmpty();
        assertThat(Slice.parse("1 2048\n2 2048 0\n", 4 << 20)).isEmpty();
        assertThat(Slice.parse("1 2048 8", 1 << 20)).isEmpty();
        assertThat(Slice.parse("1 2047 8", 1 << 20).getFirst().length()).isEqualTo(512);
        assertThat(new Slice(0, 0, 512).name()).isEqualTo("the image");
        assertThat(new Slice(3, 0, 512).name()).isEqualTo("partition 3");
        assertThat(Slice.whole(511).length()).isZero();
    }
}
