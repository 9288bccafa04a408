package org.netloop.assembler.initramfs;

import org.jspecify.annotations.Nullable;
import org.netloop.assembler.AssemblyException;
import org.netloop.assembler.tree.Content;
import org.tukaani.xz.XZInputStream;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * Modules of one kernel. Each says itself what it depends on (its section {@code .modinfo}), so
 * that no file of depmod is needed, which an unpacked package does not have.
 */
final class KernelModules {
    private static final Pattern DEPENDS = Pattern.compile("\0depends=([^\0]*)\0");
    private static final Pattern FILE = Pattern.compile("(?<name>.*\\.ko)(\\.(gz|xz|zst))?");

    private final String version;
    private final Map<String, Path> files = new HashMap<>();
    private final Set<String> builtIn = new HashSet<>();

    private KernelModules(Path directory) throws IOException {
        this.version = String.valueOf(directory.getFileName());
        try (Stream<Path> walk = Files.walk(directory)) {
            // One that was unpacked beside what it was unpacked from comes first.
            walk.filter(file -> FILE.matcher(file.toString()).matches())
                    .sorted()
                    .forEach(file -> files.putIfAbsent(name(file.toString()), file));
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
        String file = path.substring(path.lastIndexOf('/') + 1);
        return file.replaceFirst("\\.ko(\\..*)?$", "").replace('-', '_');
    }

    /**
     * Returns modules and all they depend on by file name, in the order to load them; modules built
     * into the kernel have no file. They are not compressed: not every kernel can unpack them.
     *
     * @throws AssemblyException if the kernel lacks one
     */
    SequencedMap<String, Content> closure(List<String> names)
            throws IOException, AssemblyException {
        SequencedMap<String, Content> order = new LinkedHashMap<>();
        for (String name : names) {
            add(name(name), order, null);
        }
        return order;
    }

    private void add(String name, Map<String, Content> order, @Nullable String wants)
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
        Matcher parts = FILE.matcher(String.valueOf(file.getFileName()));
        String plain = parts.matches() ? parts.group("name") : name;
        if (order.containsKey(plain)) {
            return;
        }
        byte[] bytes = unpacked(file);
        Matcher depends = DEPENDS.matcher(new String(bytes, StandardCharsets.ISO_8859_1));
        if (depends.find() && !depends.group(1).isEmpty()) {
            for (String other : depends.group(1).split(",", -1)) {
                add(name(other), order, name);
            }
        }
        order.put(plain, Content.of(bytes));
    }

    private static byte[] unpacked(Path file) throws IOException, AssemblyException {
        String name = file.toString();
        if (name.endsWith(".zst")) {
            throw new AssemblyException(
                    name
                            + " is compressed by zstd, which is not read: unpack the modules first, by"
                            + " find DIR/lib/modules -name '*.ko.zst' -exec unzstd {} +");
        }
        try (InputStream in = Files.newInputStream(file);
                InputStream plain =
                        name.endsWith(".gz")
                                ? new GZIPInputStream(in)
                                : name.endsWith(".xz") ? new XZInputStream(in) : in) {
            return plain.readAllBytes();
        }
    }
}
