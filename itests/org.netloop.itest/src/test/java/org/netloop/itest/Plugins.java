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
     * What the programs of a plugin's author run with: a local repository that shares what third
     * parties made with the build's, and has nothing of Netloop in it.
     */
    static synchronized Map<String, String> environment() throws IOException {
        Path repository = Images.home().resolve("m2");
        if (!Files.exists(repository)) {
            Path shared = Path.of(System.getProperty("netloop.itest.repository"));
            link(shared, repository, "org");
            link(shared.resolve("org"), repository.resolve("org"), "netloop");
        }
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.put("MAVEN_OPTS", "-Dmaven.repo.local=" + repository);
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

    /** The bundle of the codec example, built once for all tests. */
    static synchronized Path codec() throws IOException, InterruptedException {
        Path built = Images.home().resolve("com.example.rle-1.0.0.jar");
        if (!Files.exists(built)) {
            Path log = Files.createDirectories(Images.home().resolve("build"));
            String pom = project("plugin-codec").resolve("pom.xml").toString();
            Program.start(
                            log,
                            Path.of("/dev/null"),
                            environment(),
                            "mvn",
                            "-B",
                            "-q",
                            "-f",
                            pom,
                            "verify")
                    .end()
                    .well();
            Files.copy(
                    project("plugin-codec").resolve("target").resolve(built.getFileName()), built);
        }
        return built;
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
