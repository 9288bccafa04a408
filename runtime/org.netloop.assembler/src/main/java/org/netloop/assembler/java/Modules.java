package org.netloop.assembler.java;

import org.netloop.assembler.AssemblyException;
import org.netloop.assembler.layout.Headers;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.spi.ToolProvider;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Modules of the JDK that jars need: those their classes refer to, as jdeps finds, and those whose
 * packages their manifests import, without which a framework does not resolve them.
 */
final class Modules {
    private static final String MODULE_INFO = "module-info.class";

    /** Classes for newer Javas than the oldest one; they do the same by other means. */
    private static final String VERSIONS = "META-INF/versions/";

    /** Folder of a bundle for its libraries, each a class path folder of its own. */
    private static final String LIBRARIES = "META-INF/lib/";

    private Modules() {}

    /**
     * Returns the names, sorted.
     *
     * @param work a directory for classes, which is left filled
     */
    static Set<String> of(Collection<Path> jars, Path work) throws IOException, AssemblyException {
        Set<String> modules = new TreeSet<>(imported(jars));
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "--ignore-missing-deps",
                                "--multi-release",
                                "base",
                                "--print-module-deps"));
        int number = 0;
        for (Path jar : jars) {
            arguments.addAll(unpack(jar, work.resolve("classes-" + number++)));
        }
        modules.addAll(List.of(jdeps(arguments).split(",", -1)));
        return modules;
    }

    private static Set<String> imported(Collection<Path> jars) throws IOException {
        Map<String, String> exporters = new TreeMap<>();
        ModuleFinder.ofSystem().findAll().stream()
                .map(module -> module.descriptor())
                .forEach(
                        module ->
                                module.exports().stream()
                                        .filter(exports -> !exports.isQualified())
                                        .forEach(
                                                exports ->
                                                        exporters.put(
                                                                exports.source(), module.name())));
        Set<String> modules = new TreeSet<>();
        for (Path jar : jars) {
            for (String name : Headers.read(jar).names("Import-Package")) {
                String module = exporters.get(name);
                if (module != null) {
                    modules.add(module);
                }
            }
        }
        return modules;
    }

    private static String jdeps(List<String> arguments) throws AssemblyException {
        ToolProvider jdeps =
                ToolProvider.findFirst("jdeps").orElseThrow(() -> CutRuntime.needsJdk("jdeps"));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code =
                jdeps.run(
                        new PrintWriter(out),
                        new PrintWriter(err),
                        arguments.toArray(String[]::new));
        String modules = out.toString().lines().reduce("", (_, last) -> last).strip();
        if (code != 0 || modules.isEmpty()) {
            throw new AssemblyException(
                    "jdeps does not find out which modules are needed: " + out + err);
        }
        return modules;
    }

    /** Unpacks the classes of a jar; returns its class path folders. */
    private static List<String> unpack(Path jar, Path directory) throws IOException {
        Set<String> folders = new TreeSet<>();
        folders.add(directory.toString());
        Files.createDirectories(directory);
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                String name = entry.getName();
                if (!name.endsWith(".class")
                        || name.endsWith(MODULE_INFO)
                        || name.contains(VERSIONS)) {
                    continue;
                }
                Path file = directory.resolve(name).normalize();
                if (!file.startsWith(directory)) {
                    throw new IOException(jar + " has a member outside of it: " + name);
                }
                Files.createDirectories(file.getParent());
                try (InputStream in = zip.getInputStream(entry)) {
                    Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
                }
                if (name.startsWith(LIBRARIES)) {
                    int end = name.indexOf('/', LIBRARIES.length());
                    folders.add(directory.resolve(name.substring(0, end)).toString());
                }
            }
        }
        return List.copyOf(folders);
    }
}
