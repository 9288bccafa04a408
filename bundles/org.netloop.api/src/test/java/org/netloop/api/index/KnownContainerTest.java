package org.netloop.api.index;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/** Tests the recognition of files that are not raw disks, by their first and last bytes. */
class KnownContainerTest {
    private static final ByteBuffer DISK = ByteBuffer.allocate(IndexFormat.HEAD_LENGTH);

    private static ByteBuffer with(int offset, byte[] bytes) {
        return ByteBuffer.allocate(IndexFormat.HEAD_LENGTH).put(offset, bytes);
    }

    @ParameterizedTest
    @CsvSource({
        "0, FD377A585A00, xz",
        "0, 1F8B0800, gzip",
        "0, 514649FB00000003, qcow2",
        "0, 4B444D56, VMDK",
        "64, 7F10DABE, VDI",
        "0, 7668647866696C65, VHDX",
        "0, 636F6E6563746978, VHD",
        "0, 51454400, QED",
        "257, 7573746172, tar",
        "0, 504B0304, ZIP"
    })
    void aContainerIsNamedByItsFirstBytes(int offset, String hex, String name) {
        ByteBuffer head = with(offset, HexFormat.of().parseHex(hex));
        assertThat(KnownContainer.of(head, DISK).orElseThrow().refusal("x", false))
                .contains(name)
                .contains("--raw");
    }

    @Test
    void aFooterIsLookedForInTheLastSector() {
        ByteBuffer footer = with(IndexFormat.HEAD_LENGTH - 512, "conectix".getBytes(ISO_8859_1));
        assertThat(KnownContainer.of(DISK, footer)).contains(KnownContainer.VHD_FIXED);
        assertThat(KnownContainer.of(DISK, with(0, "conectix".getBytes(ISO_8859_1)))).isEmpty();
        assertThat(KnownContainer.of(DISK, ByteBuffer.allocate(100))).isEmpty();
        assertThat(KnownContainer.of(ByteBuffer.allocate(0), ByteBuffer.allocate(0))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<!doctype HTML>",
                "\u00ef\u00bb\u00bf <html>",
                "<!-- a --> <!-- b -->\n<body class=x>",
                "<?xml version='1.0'?><!DOCTYPE html PUBLIC>"
            })
    void aPageIsNoDisk(String begin) {
        ByteBuffer page = ByteBuffer.wrap(begin.getBytes(ISO_8859_1));
        assertThat(KnownContainer.of(page, DISK)).contains(KnownContainer.HTML);
        assertThat(page.position()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<", "<htmlx>", "<!-- <html>", "x<html>", "<?xml <html>"})
    void aTextThatBeginsOtherwiseIsNoPage(String begin) {
        assertThat(KnownContainer.HTML.begins(ByteBuffer.wrap(begin.getBytes(ISO_8859_1))))
                .isFalse();
    }

    @Test
    void aDiskIsNone() {
        byte[] bootSector = {(byte) 0xEB, 0x58, (byte) 0x90, 'm', 'k', 'f', 's'};
        assertThat(KnownContainer.of(with(0, bootSector), DISK)).isEmpty();
        assertThat(KnownContainer.of(with(0, "LUKS\u00ba\u00be".getBytes(ISO_8859_1)), DISK))
                .isEmpty();
    }

    @Test
    void aRefusalSaysWhatToDo() {
        assertThat(KnownContainer.XZ.refusal("x", true)).contains("install the feature codec-xz");
        assertThat(KnownContainer.XZ.refusal("x", false)).contains("decompress it, or pack it");
        assertThat(KnownContainer.QCOW2.refusal("x", true))
                .contains("install the feature format-qcow2");
        assertThat(KnownContainer.VDI.refusal("x", true)).contains("qemu-img convert -O raw");
        assertThat(KnownContainer.VHD_FIXED.refusal("x", true))
                .contains("qemu-img convert -f vpc -O raw");
    }

    @Test
    void itsFirstBytesAloneTellACompressedFile() {
        ByteBuffer head = with(0, HexFormat.of().parseHex("FD377A585A00"));
        assertThat(KnownContainer.XZ.begins(head)).isTrue();
        assertThat(KnownContainer.XZ.begins(DISK)).isFalse();
        assertThat(KnownContainer.XZ.isCompressed()).isTrue();
        assertThat(KnownContainer.VDI.isCompressed()).isFalse();
        assertThat(KnownContainer.XZ.meaning()).isEqualTo("a file compressed by xz");
    }
}
