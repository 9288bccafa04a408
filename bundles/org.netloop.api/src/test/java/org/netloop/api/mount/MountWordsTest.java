package org.netloop.api.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.netloop.api.frontend.AttachmentSpec;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Tests that the output of system tools is understood, and that options are checked. */
class MountWordsTest {
    @Test
    void whatIsMountedWhereIsReadFromTheKernel() {
        MountTable table =
                table(
                        "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw",
                        "30 22 0:40 / /mnt/a\\040b ro shared:9 - fuse.netloop netloop ro",
                        "31 30 0:41 / /mnt/a\\040b ro - fuse.sshfs host: ro");
        MountTable.Entry top = Objects.requireNonNull(table.at(Path.of("/mnt/a b")));
        assertThat(top.type()).isEqualTo("fuse.sshfs");
        assertThat(top.isFuse()).isTrue();
        assertThat(Objects.requireNonNull(table.at(Path.of("/"))).isFuse()).isFalse();
        assertThat(table.at(Path.of("/mnt"))).isNull();
    }

    @Test
    void aMountWithANameOfAnotherEncodingHidesNoOther() {
        MountTable table =
                table(
                        "22 1 8:1 / /gr\u00f6\u00dfe rw - ext4 /dev/sda1 rw",
                        "23 1 8:2 / /a\\000b rw - ext4 /dev/sda2 rw",
                        "30 22 0:40 / /mnt/a ro shared:9 - fuse.netloop netloop ro");
        assertThat(Objects.requireNonNull(table.at(Path.of("/mnt/a"))).isFuse()).isTrue();
    }

    private static MountTable table(String... lines) {
        return MountTable.parse(String.join("\n", lines).getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void partitionsAreCutAtTheEndOfTheImage() {
        assertThat(Slice.parse(" 1  2048 24576\n14 26624 9999999\n15 99999999 8\n", 20 << 20))
                .containsExactly(new Slice(1, 1 << 20, 12 << 20), new Slice(14, 13 << 20, 7 << 20));
        assertThat(Slice.whole(1500)).isEqualTo(new Slice(0, 0, 1024));
    }

    @Test
    void whyAFileSystemIsNotMountedIsTold() {
        String refused =
                "mount: /m/x: wrong fs type, bad option, bad superblock on /dev/loop0, missing"
                        + " codepage or helper program, or other error.";
        assertThat(FileSystemType.whyNot("", refused))
                .isEqualTo("holds no file system that is known");
        assertThat(FileSystemType.whyNot("ext4", refused))
                .startsWith("holds a file system of type ext4: the kernel refuses it");
        assertThat(
                        FileSystemType.whyNot(
                                "iso9660", "mount: /m: unknown filesystem type 'iso9660'."))
                .contains("iso9660", "this kernel does not know it");
        assertThat(FileSystemType.whyNot("crypto_LUKS", refused)).contains("encrypted");
        assertThat(FileSystemType.whyNot("", "mount: /m: can't read superblock on /dev/loop0."))
                .isEqualTo("cannot be mounted: can't read superblock on /dev/loop0.");
    }

    private static MountOptions options(Map<String, String> options) throws IOException {
        return MountOptions.of(new AttachmentSpec("/mnt", options), "root", Set.of());
    }

    @Test
    void optionsHaveDefaultsThatGiveNothingAway() throws IOException {
        assertThat(options(Map.of())).isEqualTo(new MountOptions("root", false, null));
        MountOptions all =
                options(
                        Map.of(
                                "name",
                                "x",
                                "loop",
                                "true",
                                "partition",
                                "2",
                                "noexec",
                                "true",
                                "allow_other",
                                "true"));
        assertThat(all.name()).isEqualTo("x");
        assertThat(all.others()).isTrue();
        assertThat(Objects.requireNonNull(all.fileSystem()).partition()).hasValue(2);
        assertThat(Objects.requireNonNull(all.fileSystem()).noexec()).isTrue();
    }

    @Test
    void optionsThatCannotBeAreNamed() {
        assertThatThrownBy(() -> options(Map.of("loop", "yes")))
                .hasMessage("option loop: 'yes' is neither true nor false");
        assertThatThrownBy(() -> options(Map.of("loop", "true", "partition", "0")))
                .hasMessageContaining("option partition: '0'");
        assertThatThrownBy(() -> options(Map.of("partition", "1")))
                .hasMessageContaining("need loop=true");
        assertThatThrownBy(() -> options(Map.of("speed", "1")))
                .hasMessageContaining(
                        "unknown option speed; this frontend knows allow_other, loop");
    }

    @Test
    void aNameThatEndsAsTheFileDoesGetsNoSecondEnd() throws IOException {
        assertThat(
                        MountOptions.of(new AttachmentSpec("/mnt", Map.of()), "root.img", Set.of())
                                .name())
                .isEqualTo("root");
        assertThat(options(Map.of()).name()).isEqualTo("root");
        assertThat(options(Map.of("name", "disk.img")).name()).isEqualTo("disk");
    }
}
