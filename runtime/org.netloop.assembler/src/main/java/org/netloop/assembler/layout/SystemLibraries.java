package org.netloop.assembler.layout;

import org.netloop.assembler.AssemblyException;
import org.netloop.assembler.tree.Content;
import org.netloop.assembler.tree.Elf;
import org.netloop.assembler.tree.Tree;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Shared libraries of this machine that programs need, for images without a distribution. They come
 * from the directories of Debian's multiarch.
 */
public final class SystemLibraries {
    /** Part of them. */
    public static final String PART = "system libraries";

    /** Libraries that natives inside of bundles are linked with, besides those of Java. */
    private static final List<String> ALWAYS =
            List.of("libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1");

    private final Platform platform;

    /** Looks for those of a platform. */
    public SystemLibraries(Platform platform) {
        this.platform = platform;
    }

    /**
     * Adds to a tree what a Java runtime and natives inside of bundles need, and libraries by their
     * names, with what these need.
     *
     * @param runtime directory of the Java runtime
     * @throws AssemblyException if one is not on this machine
     */
    public void addForJava(Tree tree, Path runtime, Collection<String> names)
            throws IOException, AssemblyException {
        Set<String> all = new TreeSet<>(ALWAYS);
        all.addAll(names);
        add(tree, runtime, all);
    }

    /**
     * Adds to a tree what the programs below a directory need, and libraries by their names, with
     * what these need.
     *
     * @param directory a directory of programs and libraries, which find each other
     * @throws AssemblyException if one is not on this machine
     */
    public void add(Tree tree, Path directory, Collection<String> names)
            throws IOException, AssemblyException {
        Set<String> own = new TreeSet<>();
        Set<String> wanted = new TreeSet<>(names);
        String interpreter = "";
        List<Path> files;
        try (Stream<Path> walk = Files.walk(directory)) {
            files = walk.filter(Files::isRegularFile).sorted().toList();
        }
        for (Path file : files) {
            Elf elf = Elf.read(file);
            if (elf != null) {
                own.add(String.valueOf(file.getFileName()));
                wanted.addAll(elf.needed());
                interpreter = elf.interpreter().isEmpty() ? interpreter : elf.interpreter();
            }
        }
        wanted.removeAll(own);
        addNames(tree, wanted);
        if (!interpreter.isEmpty()) {
            tree.program(interpreter.substring(1), Content.of(Path.of(interpreter)), PART);
        }
    }

    private void addNames(Tree tree, Set<String> wanted) throws IOException, AssemblyException {
        Deque<String> todo = new ArrayDeque<>(wanted);
        while (!todo.isEmpty()) {
            String name = todo.poll();
            String path = "lib/" + platform.libraries() + "/" + name;
            // The dynamic linker is named by programs as a path.
            if (tree.get(path) == null && !name.startsWith("ld-linux")) {
                Path file = find(name);
                tree.file(path, Content.of(file), PART);
                Elf elf = Elf.read(file);
                if (elf != null) {
                    todo.addAll(elf.needed());
                }
            }
        }
    }

    private Path find(String name) throws AssemblyException {
        for (String directory : List.of("/lib/", "/usr/lib/")) {
            Path file = Path.of(directory + platform.libraries(), name);
            if (Files.isRegularFile(file)) {
                return file;
            }
        }
        throw new AssemblyException(
                "the shared library "
                        + name
                        + " is not on this machine: install what has it"
                        + " (Debian: apt-file search "
                        + name
                        + ")");
    }
}
