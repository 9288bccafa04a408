package org.netloop.assembler.boot;

import org.netloop.assembler.Assembly;
import org.netloop.assembler.AssemblyException;
import org.netloop.assembler.initramfs.InitramfsKind;
import org.netloop.assembler.tree.Content;
import org.netloop.assembler.tree.Tree;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Kernel and initramfs, as all media have them that do not fetch them. Stateless. */
public final class BootSystem {
    /** The options that {@link #add} reads. */
    public static final Set<String> OPTIONS =
            Stream.of(InitramfsKind.OPTIONS, BootMenu.OPTIONS)
                    .flatMap(Set::stream)
                    .collect(Collectors.toUnmodifiableSet());

    private BootSystem() {}

    /**
     * Adds both to the root of a medium.
     *
     * @return the menu that loads them
     * @throws AssemblyException if an option is missing or wrong
     */
    public static BootMenu add(Assembly assembly, Tree tree) throws IOException, AssemblyException {
        BootMenu menu = BootMenu.of(assembly);
        Path kernel = KernelImage.of(assembly);
        Path initramfs = assembly.work().resolve(BootMenu.INITRAMFS);
        new InitramfsKind().write(assembly, initramfs);
        tree.file(BootMenu.KERNEL, Content.of(kernel), "kernel")
                .file(BootMenu.INITRAMFS, Content.of(initramfs), "initramfs, packed");
        return menu;
    }
}
