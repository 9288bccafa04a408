package org.netloop.itest;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/**
 * The example plugins as a third party has them, and what is done to jars in order to test them.
 */
final class Plugins {
    private static final Path TREE = Path.of("../..").toAbsolutePath().normalize();

    private Plugins() {}

    /** The project of an example, in the tree. */
    static Path project(String name) {
        return TREE.resolve("examples").resolve(name);
    }

    /**
     * Environment of the programs of a plugin's author: a local repository that shares third-party
     * artifacts with the build's and contains nothing of Netloop.
     */
    static synchronized Map<String, String> environment() throws IOException {
        // Of this process: Maven does not share a repository among processes that write to it.
        Path repository = Shared.home().resolve("m2-" + ProcessHandle.current().pid());
        if (!Files.exists(repository)) {
            Path shared = Path.of(System.getProperty("netloop.itest.repository"));
            link(shared, repository, "org");
            link(shared.resolve("org"), repository.resolve("org"), "netloop");
        }
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.put(
                "MAVEN_OPTS",
                "-Dmaven.repo.local=" + repository + " -XX:TieredStopAtLevel=1 -XX:+UseSerialGC");
        return environment;
    }

    private static void link(Path shared, Path repository, String but) throws IOException {
        Files.createDirectories(repository);
        try (Stream<Path> parts = Files.list(shared)) {
            for (Path part : parts.toList()) {
                if (!part.getFileName().toString().equals(but)) {
                    Files.createSymbolicLink(repository.resolve(part.getFileName()), part);
                }
            }
        }
    }

    /**
     * Copies the project of an example, as its README says; without what was built in it.
     *
     * @param tree where to copy it to, as in a clone: it finds the runtime from there
     */
    static Path copy(String name, Path tree) throws IOException, InterruptedException {
        Path examples = Files.createDirectories(tree.resolve("examples"));
        Path runtime = Files.createDirectories(tree.resolve("runtime/dist/target"));
        Files.createSymbolicLink(runtime.resolve("netloop"), RuntimeTest.runtime());
        Path copy = examples.resolve(name);
        run(tree, "cp", "-a", project(name).toString(), copy.toString());
        run(tree, "rm", "-rf", copy.resolve("target").toString());
        return copy;
    }

    private static void run(Path directory, String... command)
            throws IOException, InterruptedException {
        Program.start(directory, Path.of("/dev/null"), environment(), command).end().well();
    }

    /** The bundle of the codec example, built once for all tests. */
    static Path codec() throws IOException, InterruptedException {
        return Shared.once("codec", Plugins::build).resolve("com.example.rle-1.0.0.jar");
    }

    private static void build(Path place) throws IOException, InterruptedException {
        Path project = copy("plugin-codec", Files.createDirectory(place));
        run(place, "mvn", "-B", "-q", "-f", project.resolve("pom.xml").toString(), "verify");
        String jar = "com.example.rle-1.0.0.jar";
        Files.copy(project.resolve("target").resolve(jar), place.resolve(jar));
    }

    /**
     * Copies a jar, with other headers.
     *
     * @param headers changes those of the manifest
     * @param others entries to put in place of its own, by name
     */
    static void copy(Path from, Path to, Consumer<Attributes> headers, Map<String, byte[]> others)
            throws IOException {
        try (JarFile jar = new JarFile(from.toFile());
                OutputStream file = Files.newOutputStream(to)) {
            Manifest manifest = new Manifest(jar.getManifest());
            headers.accept(manifest.getMainAttributes());
            try (JarOutputStream out = new JarOutputStream(file, manifest)) {
                for (JarEntry entry : Collections.list(jar.entries())) {
                    if (entry.getName().equals(JarFile.MANIFEST_NAME)) {
                        continue;
                    }
                    out.putNextEntry(new JarEntry(entry.getName()));
                    byte[] other = others.get(entry.getName());
                    try (InputStream in = jar.getInputStream(entry)) {
                        out.write(other == null ? in.readAllBytes() : other);
                    }
                }
            }
        }
    }

    /** Replaces a text of one of the headers, where it has it. */
    static void replace(Attributes headers, String header, String text, String by) {
        String value = headers.getValue(header);
        if (value != null) {
            headers.putValue(header, value.replace(text, by));
        }
    }

    /** All jars of a directory. */
    static List<Path> jars(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
        }
    }
}
