package org.netloop.assembler.iso;

import org.netloop.assembler.Assembly;
import org.netloop.assembler.AssemblyException;
import org.netloop.assembler.boot.Programs;
import org.netloop.assembler.tree.Content;
import org.netloop.assembler.tree.Tree;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;

/** Boot loaders of this machine: ISOLINUX, iPXE and GRUB, as Debian installs them. */
final class Loaders {
    /** Part of them. */
    static final String PART = "boot loaders";

    private static final Path ISOLINUX = Path.of("/usr/lib/ISOLINUX/isolinux.bin");
    private static final Path LIBRARY = Path.of("/usr/lib/syslinux/modules/bios/ldlinux.c32");
    private static final Path IPXE = Path.of("/usr/lib/ipxe/ipxe.lkrn");
    private static final Path GRUB = Path.of("/usr/lib/grub/x86_64-efi");
    private static final String MODULES =
            "normal configfile echo efinet http linux iso9660 search search_label sleep test";

    /** A file system of less than that is not FAT12 to all firmware. */
    private static final int SMALLEST = 128 << 10;

    private static final int SECTORS = 64 << 10;
    private final Assembly assembly;
    private final Programs programs;

    Loaders(Assembly assembly, Programs programs) {
        this.assembly = assembly;
        this.programs = programs;
    }

    /** Adds ISOLINUX, which reads {@code isolinux.cfg} beside it. */
    void isolinux(Tree tree) throws AssemblyException {
        tree.file("isolinux.bin", existing(ISOLINUX, "isolinux"), PART);
        tree.file("ldlinux.c32", existing(LIBRARY, "syslinux-common"), PART);
    }

    /** Adds iPXE, which ISOLINUX starts like a kernel, and its script like an initramfs. */
    void ipxe(Tree tree, NetworkBoot network) throws AssemblyException {
        String told = assembly.option("ipxe");
        Path ipxe = told == null ? IPXE : Path.of(told);
        tree.file("ipxe", existing(ipxe, "ipxe"), PART);
        tree.file("ipxe.scr", Content.of(network.ipxe()), PART);
        tree.file(
                "isolinux.cfg",
                Content.of("default n\nprompt 0\nlabel n\n kernel /ipxe\n initrd /ipxe.scr\n"),
                PART);
    }

    private static Content existing(Path file, String debian) throws AssemblyException {
        if (!Files.isRegularFile(file)) {
            throw new AssemblyException(
                    file + " does not exist: install " + debian + " (Debian's package)");
        }
        return Content.of(file);
    }

    /**
     * Adds {@code efi.img}, a FAT file system with GRUB in it: what UEFI boots from a CD.
     *
     * @param script what GRUB runs
     */
    void grub(Tree tree, String script) throws IOException, AssemblyException {
        if (!Files.isDirectory(GRUB)) {
            throw new AssemblyException(
                    GRUB
                            + " does not exist: install grub-efi-amd64-bin (Debian's package), or leave"
                            + " UEFI out by -o firmware=bios");
        }
        Path config = Files.writeString(assembly.work().resolve("grub-first.cfg"), script);
        Path loader = assembly.work().resolve("BOOTX64.EFI");
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "grub-mkimage",
                                "-O",
                                "x86_64-efi",
                                "-d",
                                GRUB.toString(),
                                "-p",
                                "",
                                "-c",
                                config.toString(),
                                "-o",
                                loader.toString()));
        command.addAll(List.of(MODULES.split(" ", -1)));
        programs.run("grub-common", command);
        Files.setLastModifiedTime(loader, FileTime.from(assembly.time()));
        tree.file("efi.img", Content.of(fat(loader)), PART);
    }

    private Path fat(Path loader) throws IOException, AssemblyException {
        Path image = assembly.work().resolve("efi.img");
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            long needed = Files.size(loader) + SMALLEST;
            file.setLength((needed + SECTORS - 1) / SECTORS * SECTORS);
        }
        String name = image.toString();
        mtools("mformat", "-i", name, "-N", "4e455400", "-v", "NETLOOP", "::");
        mtools("mmd", "-i", name, "::/EFI", "::/EFI/BOOT");
        mtools("mcopy", "-m", "-i", name, loader.toString(), "::/EFI/BOOT/BOOTX64.EFI");
        return image;
    }

    private void mtools(String... command) throws IOException, AssemblyException {
        programs.run("mtools", List.of(command));
    }
}
