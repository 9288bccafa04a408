package org.netloop.assembler.initramfs;

import org.jspecify.annotations.Nullable;
import org.netloop.assembler.Assembly;
import org.netloop.assembler.AssemblyException;
import org.netloop.assembler.layout.SystemLibraries;
import org.netloop.assembler.tree.Content;
import org.netloop.assembler.tree.Elf;
import org.netloop.assembler.tree.Node;
import org.netloop.assembler.tree.Tree;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Files of an initramfs: busybox, kernel modules, scripts, and Netloop with its Java. */
final class BootTree {
    private static final String SCRIPTS = "boot scripts";
    private static final String PROGRAMS = "busybox and clients";
    private static final String MODULES = "kernel modules";
    private static final Path BUSYBOX = Path.of("/bin/busybox");
    private static final Path CLIENT = Path.of("/usr/sbin/nbd-client");
    private static final List<String> USUAL =
            List.of("virtio_pci", "virtio_net", "ext4", "overlay");
    private static final List<String> SCRIPTS_BY_PLACE =
            List.of(
                    "init",
                    "shutdown",
                    "good",
                    "etc/network",
                    "etc/cache",
                    "etc/end",
                    "etc/udhcpc.script");
    private static final int CONSOLE = 0600;

    private final Assembly assembly;
    private final boolean thin;

    BootTree(Assembly assembly) {
        this.assembly = assembly;
        this.thin = "yes".equals(assembly.option("thin"));
    }

    Tree tree() throws IOException, AssemblyException {
        Tree tree = new Tree();
        tree.directories(
                "bin", "dev", "proc", "sys", "tmp", "run", "etc", "mnt", "image", "below",
                "changes", "root", "cache");
        tree.put("dev/console", new Node.Device(CONSOLE, 5, 1));
        busybox(tree);
        for (String script : SCRIPTS_BY_PLACE) {
            tree.program(script, script(script.replace("etc/", "")), SCRIPTS);
        }
        modules(tree);
        if (thin) {
            client(tree);
        } else {
            netloop(tree);
        }
        return tree;
    }

    private static Content script(String name) throws IOException {
        try (InputStream in = BootTree.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the assembler lacks its own file " + name);
            }
            return Content.of(in.readAllBytes());
        }
    }

    private void busybox(Tree tree) throws IOException, AssemblyException {
        String told = assembly.option("busybox");
        Path busybox = told == null ? BUSYBOX : Path.of(told);
        Elf elf = Files.isRegularFile(busybox) ? Elf.read(busybox) : null;
        if (elf == null || !elf.interpreter().isEmpty()) {
            throw new AssemblyException(
                    busybox
                            + " is not a busybox that needs no libraries: install busybox-static, or"
                            + " name one by -o busybox=FILE");
        }
        tree.program("bin/busybox", Content.of(busybox), PROGRAMS);
    }

    private void modules(Tree tree) throws IOException, AssemblyException {
        String kernel = assembly.option("kernel");
        if (kernel == null) {
            throw new AssemblyException(
                    "name the kernel's files by -o kernel=DIR: a directory with lib/modules, as of an"
                            + " unpacked linux-image package");
        }
        List<String> names = new ArrayList<>(USUAL);
        names.addAll(thin ? List.of("nbd") : List.of("fuse", "loop", "virtio_blk"));
        String more = assembly.option("modules");
        if (more != null) {
            names.addAll(List.of(more.split(",", -1)));
        }
        StringBuilder order = new StringBuilder();
        KernelModules.in(Path.of(kernel))
                .closure(names)
                .forEach(
                        (name, module) -> {
                            tree.file("modules/" + name, module, MODULES);
                            order.append(name).append('\n');
                        });
        tree.file("modules/order", Content.of(order.toString()), MODULES);
    }

    private void netloop(Tree tree) throws IOException, AssemblyException {
        tree.addAll("app", assembly.home(true)).addAll("app", java());
        tree.link("bin/@netloop", "../app/jre/bin/java");
        libraries()
                .addForJava(
                        tree,
                        assembly.work().resolve("runtime"),
                        assembly.appliance().settings().libraries());
    }

    /** The Java runtime as a loader sees it: what is in an initramfs stays in memory. */
    private Tree java() throws IOException, AssemblyException {
        Tree java = assembly.java().only(path -> !path.startsWith("jre/legal"));
        for (Map.Entry<String, Node> entry : List.copyOf(java.nodes().entrySet())) {
            if (entry.getValue() instanceof Node.File file
                    && entry.getKey().matches("jre/bin/.*|.*\\.so")) {
                Content loaded = Elf.loaded(file.content());
                java.put(entry.getKey(), new Node.File(file.mode(), loaded, file.part()));
            }
        }
        return java;
    }

    private SystemLibraries libraries() {
        return new SystemLibraries(assembly.appliance().sources().platform());
    }

    private void client(Tree tree) throws IOException, AssemblyException {
        @Nullable String told = assembly.option("client");
        Path client = told == null ? CLIENT : Path.of(told);
        if (!Files.isRegularFile(client)) {
            throw new AssemblyException(
                    client + " does not exist: install nbd-client, or name one by -o client=FILE");
        }
        Path folder = Files.createDirectories(assembly.work().resolve("client"));
        Files.copy(client, folder.resolve("nbd-client"));
        tree.program("bin/nbd-client", Content.of(client), PROGRAMS);
        libraries().add(tree, folder, List.of());
    }
}
