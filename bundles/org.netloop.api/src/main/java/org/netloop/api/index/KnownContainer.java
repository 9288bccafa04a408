package org.netloop.api.index;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Files that images usually lie in and that are no disks themselves, by what they begin or end
 * with: so that one whose backend is not installed, or that nobody reads, is refused by its name
 * and not taken for the raw image that it is not. A file system (ISO 9660, squashfs) or an
 * encrypted disk (LUKS) is a disk, and not listed.
 */
public enum KnownContainer {
    /** xz. */
    XZ(head(0, "FD377A585A00"), "a file compressed by xz", Remedy.DECODE, "codec-xz"),
    /** gzip. */
    GZIP(head(0, "1F8B08"), "a file compressed by gzip", Remedy.DECODE, "codec-gzip"),
    /** Zstandard. */
    ZSTD(head(0, "28B52FFD"), "a file compressed by zstd", Remedy.DECODE, "codec-zstd"),
    /** bzip2. */
    BZIP2(head(0, "425A68"), "a file compressed by bzip2", Remedy.DECODE, "codec-bzip2"),
    /** LZ4's frame format. */
    LZ4(head(0, "04224D18"), "a file compressed by lz4", Remedy.DECODE, "codec-lz4"),
    /** LZ4's legacy format. */
    LZ4_LEGACY(head(0, "02214C18"), "a file compressed by lz4 (legacy format)", Remedy.UNPACK, ""),
    /** lzip. */
    LZIP(text("LZIP"), "a file compressed by lzip", Remedy.UNPACK, ""),
    /** lzop. */
    LZOP(head(0, "894C5A4F000D0A1A0A"), "a file compressed by lzop", Remedy.UNPACK, ""),
    /** QEMU's format. */
    QCOW2(head(0, "514649FB"), "an image of QEMU's format qcow2", Remedy.INSTALL, "format-qcow2"),
    /** A blob index of casync. */
    CAIBX(
            head(0, "3000000000000000F99F127B9C4D8296"),
            "an index of casync (.caibx)",
            Remedy.INSTALL,
            "format-caibx"),
    /** The cloop driver's. */
    CLOOP(text("#!/bin/sh\n#V2.0 Format"), "a cloop image", Remedy.INSTALL, "format-cloop"),
    /** QEMU's former format. */
    QED(text("QED\0"), "an image of QEMU's format QED", Remedy.CONVERT, ""),
    /** VMware's sparse extents. */
    VMDK(text("KDMV"), "an image of VMware's format VMDK", Remedy.CONVERT, ""),
    /** VMware's extents of ESX. */
    VMDK_COWD(text("COWD"), "an image of VMware's format VMDK (ESX)", Remedy.CONVERT, ""),
    /** VMware's descriptor, with its extents in other files. */
    VMDK_DESCRIPTOR(
            text("# Disk DescriptorFile"),
            "the descriptor of an image of VMware's format VMDK",
            Remedy.CONVERT,
            ""),
    /** VirtualBox's format. */
    VDI(head(0x40, "7F10DABE"), "an image of VirtualBox's format VDI", Remedy.CONVERT, ""),
    /** Hyper-V's format. */
    VHDX(text("vhdxfile"), "an image of Hyper-V's format VHDX", Remedy.CONVERT, ""),
    /** Virtual PC's format, dynamic. */
    VHD(text("conectix"), "an image of the format VHD", Remedy.CONVERT, ""),
    /** Virtual PC's format, fixed: the disk, and a footer of one sector. */
    VHD_FIXED(tail("conectix"), "a fixed image of the format VHD", Remedy.CONVERT, ""),
    /** Apple's disk images. */
    DMG(tail("koly"), "an Apple disk image (DMG)", Remedy.CONVERT, ""),
    /** Parallels' format. */
    PARALLELS(text("WithoutFreeSpace"), "an image of Parallels' format", Remedy.CONVERT, ""),
    /** Parallels' format, extended. */
    PARALLELS_EXTENDED(
            text("WithouFreSpacExt"), "an image of Parallels' format", Remedy.CONVERT, ""),
    /** Bochs' format. */
    BOCHS(text("Bochs Virtual HD Image"), "an image of Bochs' format", Remedy.CONVERT, ""),
    /** Android's sparse images. */
    ANDROID_SPARSE(head(0, "3AFF26ED"), "a sparse image of Android", Remedy.UNPACK, ""),
    /** Expert Witness, a format of forensics. */
    EWF(head(0, "455646090D0AFF00"), "an image of the format EWF (.E01)", Remedy.UNPACK, ""),
    /** Windows' images of files. */
    WIM(text("MSWIM\0\0\0"), "a Windows image of files (WIM)", Remedy.UNPACK, ""),
    /** Partclone, as Clonezilla leaves it. */
    PARTCLONE(text("partclone-image"), "an image of partclone", Remedy.UNPACK, ""),
    /** 7-Zip. */
    SEVEN_ZIP(head(0, "377ABCAF271C"), "an archive of 7-Zip", Remedy.UNPACK, ""),
    /** RAR. */
    RAR(head(0, "526172211A07"), "an archive of RAR", Remedy.UNPACK, ""),
    /** ZIP. */
    ZIP(head(0, "504B0304"), "an archive of ZIP", Remedy.UNPACK, ""),
    /** tar, and so OVA. */
    TAR(head(257, "7573746172"), "an archive of tar (also an OVA)", Remedy.UNPACK, ""),
    /** A page for browsers: what a wrong address, or a network that wants a login, answers. */
    HTML(HtmlPage::begins, "an HTML page", Remedy.LOOK, "");

    /** Returns the advice to the user. */
    private enum Remedy {
        DECODE,
        INSTALL,
        CONVERT,
        UNPACK,
        LOOK
    }

    private static final int SECTOR = 512;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** Goes on after the name of what is refused. */
    private static final String INSIST =
            "; if its bytes are the image as they are, say so: --raw, or format=raw in the volume's"
                    + " configuration";

    private final Mark mark;
    private final String meaning;
    private final Remedy remedy;
    private final String feature;

    /** Tells it by the first and the last bytes of a file. */
    @FunctionalInterface
    private interface Mark {
        boolean isIn(ByteBuffer head, ByteBuffer tail);
    }

    /**
     * Bytes it is recognised by.
     *
     * @param atEnd whether the offset is from the begin of the last sector, not of the file
     */
    private record Bytes(boolean atEnd, int offset, ByteBuffer bytes) implements Mark {
        @Override
        public boolean isIn(ByteBuffer head, ByteBuffer tail) {
            ByteBuffer in = atEnd ? tail : head;
            int from = in.position() + offset + (atEnd ? in.remaining() - SECTOR : 0);
            return from >= in.position()
                    && from + bytes.remaining() <= in.limit()
                    && in.slice(from, bytes.remaining()).equals(bytes);
        }
    }

    KnownContainer(Mark mark, String meaning, Remedy remedy, String feature) {
        this.mark = mark;
        this.meaning = meaning;
        this.remedy = remedy;
        this.feature = feature;
    }

    private static Mark head(int offset, String hex) {
        return new Bytes(false, offset, ByteBuffer.wrap(HexFormat.of().parseHex(hex)));
    }

    private static Mark text(String begin) {
        return new Bytes(false, 0, ByteBuffer.wrap(begin.getBytes(ISO_8859_1)));
    }

    private static Mark tail(String lastSector) {
        return new Bytes(true, 0, ByteBuffer.wrap(lastSector.getBytes(ISO_8859_1)));
    }

    /**
     * The container that a file is.
     *
     * @param head its first bytes, {@value IndexFormat#HEAD_LENGTH} if it has as many
     * @param tail its last bytes, a sector at least; empty if they cannot be had (of a stream)
     */
    public static Optional<KnownContainer> of(ByteBuffer head, ByteBuffer tail) {
        return Arrays.stream(values()).filter(one -> one.mark.isIn(head, tail)).findFirst();
    }

    /** Returns whether a file with these first bytes is one, as far as they tell. */
    public boolean begins(ByteBuffer head) {
        return mark.isIn(head, NOTHING);
    }

    /** Returns its name for people, with its article. */
    public String meaning() {
        return meaning;
    }

    /** Returns whether the codec of some feature decodes it. */
    public boolean isCompressed() {
        return remedy == Remedy.DECODE;
    }

    /**
     * Says that a file is refused as a raw image, why, and what to do.
     *
     * @param name what the file is called
     * @param packing whether it is to be packed, and so may be decoded on the way
     */
    public String refusal(String name, boolean packing) {
        return name + " is " + meaning + ", not a disk as it is: " + remedy(packing) + INSIST;
    }

    private String remedy(boolean packing) {
        return switch (remedy) {
            case DECODE ->
                    packing
                            ? "install the feature " + feature
                            : "decompress it, or pack it (netloop pack decompresses it)";
            case INSTALL -> "install the feature " + feature;
            // By its first bytes alone a fixed VHD is a raw disk to qemu-img, too.
            case CONVERT ->
                    this == VHD_FIXED
                            ? "convert it first, for example by qemu-img convert -f vpc -O raw"
                            : "convert it first, for example by qemu-img convert -O raw";
            case UNPACK -> "unpack it first";
            case LOOK -> "look at it with a browser, the address may be wrong";
        };
    }
}
