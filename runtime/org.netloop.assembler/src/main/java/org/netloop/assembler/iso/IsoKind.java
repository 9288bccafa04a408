package org.netloop.assembler.iso;

import org.jspecify.annotations.Nullable;
import org.netloop.assembler.Assembly;
import org.netloop.assembler.AssemblyException;
import org.netloop.assembler.Kind;
import org.netloop.assembler.boot.BootMenu;
import org.netloop.assembler.boot.BootSystem;
import org.netloop.assembler.boot.Programs;
import org.netloop.assembler.tree.Content;
import org.netloop.assembler.tree.Tree;
import org.netloop.assembler.tree.TreeFiles;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * An image of a CD (ISO 9660 with El Torito), written by xorriso. With the option {@code url} it
 * has nothing but loaders, which boot from a directory of the kind web; else it has the kernel and
 * the initramfs. {@code firmware} is {@code bios}, {@code uefi} or {@code both}.
 */
public final class IsoKind implements Kind {
    private static final String LABEL = "NETLOOP";

    /** Before its normal mode GRUB knows neither loops nor menus. */
    private static final String FIRST =
            "search --no-floppy --set=root --label " + LABEL + "\nnormal /grub.cfg\n";

    private static final String URL = "url";

    /** Options of a medium that has nothing but loaders. */
    private static final Set<String> OF_LOADERS = Set.of(URL, "firmware", "ipxe");

    @Override
    public Set<String> options() {
        Set<String> all = new HashSet<>(OF_LOADERS);
        all.addAll(BootSystem.OPTIONS);
        return all;
    }

    @Override
    public Tree write(Assembly assembly, Path out) throws IOException, AssemblyException {
        if (!"amd64".equals(assembly.appliance().sources().platform().debian())) {
            throw new AssemblyException("an ISO can be made for linux-x86_64 only");
        }
        requireOneMedium(assembly.options().keySet());
        String firmware = assembly.options().getOrDefault("firmware", "both");
        if (!List.of("bios", "uefi", "both").contains(firmware)) {
            throw new AssemblyException("firmware=" + firmware + ": it is bios, uefi or both");
        }
        boolean bios = !firmware.equals("uefi");
        boolean uefi = !firmware.equals("bios");
        Programs programs = new Programs(assembly.work(), assembly.time());
        Loaders loaders = new Loaders(assembly, programs);
        Tree tree = tree(assembly, loaders, bios, uefi);
        Path files = assembly.work().resolve("medium");
        TreeFiles.write(tree, assembly.time(), files);
        programs.run("xorriso", xorriso(files, out, bios, uefi));
        return tree;
    }

    private static void requireOneMedium(Set<String> given) throws AssemblyException {
        Set<String> unused = new TreeSet<>(given);
        unused.removeAll(OF_LOADERS);
        if (given.contains(URL) && !unused.isEmpty()) {
            throw new AssemblyException(
                    "with url= the medium has nothing but loaders, and no use for "
                            + String.join(", ", unused)
                            + ": give them where what it boots from is made (--to web), or leave"
                            + " url= out");
        }
    }

    private static Tree tree(Assembly assembly, Loaders loaders, boolean bios, boolean uefi)
            throws IOException, AssemblyException {
        Tree tree = new Tree();
        @Nullable String url = assembly.option(URL);
        @Nullable NetworkBoot network = url == null ? null : NetworkBoot.of(url);
        if (network == null) {
            system(assembly, tree);
        }
        if (bios) {
            if (network != null) {
                loaders.ipxe(tree, network);
            }
            loaders.isolinux(tree);
        }
        if (uefi) {
            if (network != null) {
                tree.file("grub.cfg", Content.of(network.grub()), Loaders.PART);
            }
            loaders.grub(tree, FIRST);
        }
        return tree;
    }

    /** Adds kernel, initramfs and the menus that load them. */
    private static void system(Assembly assembly, Tree tree) throws IOException, AssemblyException {
        BootMenu menu = BootSystem.add(assembly, tree);
        tree.file("isolinux.cfg", Content.of(menu.isolinux()), Loaders.PART)
                .file("grub.cfg", Content.of(menu.grub()), Loaders.PART);
    }

    private static List<String> xorriso(Path files, Path out, boolean bios, boolean uefi) {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "xorriso",
                                "-as",
                                "mkisofs",
                                "-quiet",
                                "-r",
                                "-no-pad",
                                "-V",
                                LABEL,
                                "-o",
                                out.toString()));
        if (bios) {
            command.addAll(
                    List.of(
                            "-b",
                            "isolinux.bin",
                            "-c",
                            "boot.cat",
                            "-no-emul-boot",
                            "-boot-load-size",
                            "4",
                            "-boot-info-table"));
        }
        if (bios && uefi) {
            command.add("-eltorito-alt-boot");
        }
        if (uefi) {
            command.addAll(List.of("-e", "efi.img", "-no-emul-boot"));
        }
        command.add(files.toString());
        return command;
    }
}
