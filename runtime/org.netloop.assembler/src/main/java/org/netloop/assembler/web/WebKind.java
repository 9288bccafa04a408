package org.netloop.assembler.web;

import org.netloop.assembler.Assembly;
import org.netloop.assembler.AssemblyException;
import org.netloop.assembler.Kind;
import org.netloop.assembler.boot.BootMenu;
import org.netloop.assembler.boot.BootSystem;
import org.netloop.assembler.tree.Content;
import org.netloop.assembler.tree.Tree;
import org.netloop.assembler.tree.TreeFiles;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;

/**
 * A directory for a web server: {@code boot.ipxe} and {@code grub.cfg} with a menu of channels, the
 * kernel and the initramfs they load. Options: those of the initramfs, and {@code repo}, {@code
 * channels}, {@code append}.
 */
public final class WebKind implements Kind {
    @Override
    public Set<String> options() {
        return BootSystem.OPTIONS;
    }

    @Override
    public Tree write(Assembly assembly, Path out) throws IOException, AssemblyException {
        Tree tree = new Tree();
        BootMenu menu = BootSystem.add(assembly, tree);
        tree.file("boot.ipxe", Content.of(menu.ipxe()), "menus")
                .file("grub.cfg", Content.of(menu.grub()), "menus");
        TreeFiles.write(tree, assembly.time(), out);
        return tree;
    }
}
