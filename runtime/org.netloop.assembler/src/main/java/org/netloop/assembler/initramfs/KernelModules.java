package org.netloop.assembler.initramfs;

import org.jspecify.annotations.Nullable;
import org.netloop.assembler.AssemblyException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Modules of one kernel. Each says itself what it depends on (its section {@code .modinfo}), so
 * that no file of depmod is needed, which an unpacked package does not have.
 */
final class KernelModules {
    private static final Pattern DEPENDS = Pattern.compile("\0depends=([^\0]*)\0");
    private static final String SUFFIX = ".ko";

    private final String version;
    private final Map<String, Path> files = new HashMap<>();
    private final Set<String> builtIn = new HashSet<>();

    private KernelModules(Path directory) throws IOException {
        this.version = String.valueOf(directory.getFileName());
        try (Stream<Path> walk = Files.walk(directory)) {
            walk.filter(file -> file.toString().endsWith(SUFFIX))
                    .forEach(file -> files.put(name(file.toString()), file));
        }
        Path list = directory.resolve("modules.builtin");
        if (Files.exists(list)) {
            Files.readAllLines(list).forEach(line -> builtIn.add(name(line)));
        }
    }

    /**
     * Finds the modules below a directory of an unpacked kernel package.
     *
     * @throws AssemblyException if there are none, or those of several kernels
     */
    static KernelModules in(Path directory) throws IOException, AssemblyException {
        List<Path> versions = new ArrayList<>();
        for (String folder : List.of("lib/modules", "usr/lib/modules")) {
            Path modules = directory.resolve(folder);
            if (Files.isDirectory(modules)) {
                try (Stream<Path> list = Files.list(modules)) {
                    list.filter(Files::isDirectory).forEach(versions::add);
                }
                break;
            }
        }
        if (versions.size() != 1) {
            throw new AssemblyException(
                    directory
                            + " has the modules of "
                            + versions.size()
                            + " kernels in lib/modules, and has to have those of one");
        }
        return new KernelModules(versions.getFirst());
    }

    /** Names with a hyphen and with an underscore are the same to the kernel. */
    private static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1).replace(SUFFIX, "").replace('-', '_');
    }

    /**
     * Returns the files of modules and of all they depend on, in the order to load them; modules
     * built into the kernel have none.
     *
     * @throws AssemblyException if the kernel lacks one
     */
    List<Path> closure(List<String> names) throws IOException, AssemblyException {
        Set<Path> order = new LinkedHashSet<>();
        for (String name : names) {
            add(name(name), order, null);
        }
        return List.copyOf(order);
    }

    private void add(String name, Set<Path> order, @Nullable String wants)
            throws IOException, AssemblyException {
        if (builtIn.contains(name)) {
            return;
        }
        Path file = files.get(name);
        if (file == null) {
            throw new AssemblyException(
                    "kernel "
                            + version
                            + " has no module "
                            + name
                            + (wants == null ? "" : ", which " + wants + " needs")
                            + ": take a kernel that has it, built in or as a module");
        }
        if (!order.contains(file)) {
            Matcher depends =
                    DEPENDS.matcher(
                            new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            if (depends.find() && !depends.group(1).isEmpty()) {
                for (String other : depends.group(1).split(",", -1)) {
                    add(name(other), order, name);
                }
            }
            order.add(file);
        }
    }
}
