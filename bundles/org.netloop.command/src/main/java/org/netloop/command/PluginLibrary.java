package org.netloop.command;

import java.io.IOException;
import java.lang.module.FindException;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A library that a plugin keeps inside, so that two plugins never quarrel over a version.
 *
 * @param group of its Maven coordinates
 * @param artifact of them
 * @param version of them
 */
record PluginLibrary(String group, String artifact, String version) {
    private static final Pattern COORDINATES = Pattern.compile("([\\w.-]+):([\\w.-]+):([\\w.+-]+)");
    private static final Pattern JAR = Pattern.compile("(.+?)-(\\d[^/]*)\\.jar");

    /** The goal that fetches a library with all it needs; the build of Netloop uses the same. */
    private static final String COPY =
            "org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies";

    /** {@code group:artifact:version}. */
    static PluginLibrary parse(String text) {
        Matcher matcher = COORDINATES.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a library: expected group:artifact:version");
        }
        return new PluginLibrary(matcher.group(1), matcher.group(2), matcher.group(3));
    }

    /** Adds libraries, and all that they need, to a project that was just made. */
    static void addAll(List<PluginLibrary> libraries, Path project)
            throws IOException, InterruptedException {
        Path pom = project.resolve("pom.xml");
        for (PluginLibrary library : libraries) {
            insert(pom, "", "  <dependencies>\n", library.dependency());
        }
        List<Path> jars = fetch(project);
        Files.writeString(project.resolve("bnd.bnd"), bnd(jars));
        Path module = project.resolve("src/main/java/module-info.java");
        for (PluginLibrary library : libraries) {
            Path jar = project.resolve("target/library/" + library.jar());
            if (!Files.exists(jar)) {
                throw new IOException(
                        library + " has no jar: is it a library, and of that version?");
            }
            insert(module, "module ", "{\n", "    requires " + module(jar) + ";\n");
        }
    }

    /** Behind the first {@code after} that follows the first {@code from}. */
    private static void insert(Path file, String from, String after, String text)
            throws IOException {
        String all = Files.readString(file);
        int at = all.indexOf(after, all.indexOf(from)) + after.length();
        Files.writeString(file, all.substring(0, at) + text + all.substring(at));
    }

    private String jar() {
        return artifact + "-" + version + ".jar";
    }

    private String dependency() {
        return """
            <dependency>
              <groupId>%s</groupId>
              <artifactId>%s</artifactId>
              <version>%s</version>
            </dependency>
        """
                .formatted(group, artifact, version);
    }

    /** Maven finds what a library needs; it is asked to do without a network first. */
    private static List<Path> fetch(Path project) throws IOException, InterruptedException {
        if (maven(project, "-o") != 0 && maven(project, "-U") != 0) {
            throw new IOException(
                    "Maven cannot fetch the libraries; its output is above, the project is in "
                            + project);
        }
        try (Stream<Path> jars = Files.list(project.resolve("target/library"))) {
            return jars.sorted().toList();
        }
    }

    private static int maven(Path project, String how) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(
                                "mvn",
                                "-B",
                                "-q",
                                how,
                                "-f",
                                project.resolve("pom.xml").toString(),
                                COPY,
                                "-DincludeScope=runtime",
                                "-DoutputDirectory=target/library")
                        .redirectErrorStream(true)
                        .redirectOutput(
                                how.equals("-o")
                                        ? ProcessBuilder.Redirect.DISCARD
                                        : ProcessBuilder.Redirect.to(
                                                Path.of("/dev/stderr").toFile()))
                        .start();
        try {
            return process.waitFor();
        } finally {
            process.destroyForcibly();
        }
    }

    private static String bnd(List<Path> jars) throws IOException {
        List<String> classPath = new ArrayList<>(List.of("."));
        List<String> resources = new ArrayList<>();
        for (Path jar : jars) {
            Matcher name = JAR.matcher(jar.getFileName().toString());
            String library = name.matches() ? name.group(1) : jar.getFileName().toString();
            // Only as a jar has it classes for several versions of Java.
            if (isMultiRelease(jar)) {
                classPath.add("lib/" + library + ".jar");
                resources.add("lib/" + library + ".jar=" + library + "-*.jar;lib:=false");
            } else {
                classPath.add("META-INF/lib/" + library);
                resources.add("META-INF/lib/" + library + "/=@" + library + "-*.jar");
            }
        }
        return """
        # Libraries that it keeps inside, so that two plugins never quarrel over a version: as directories, which the
        # framework reads where they are; as jars if they have classes for several versions of Java.
        Bundle-ClassPath: %s
        -includeresource: %s
        # What libraries only use where it is there is no reason not to start.
        Import-Package: \\
            org.netloop.api.*,\\
            *;resolution:=optional
        """
                .formatted(String.join(", ", classPath), String.join(",\\\n    ", resources));
    }

    private static boolean isMultiRelease(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile(), false, JarFile.OPEN_READ)) {
            return file.isMultiRelease();
        }
    }

    private static String module(Path jar) throws IOException {
        try {
            return ModuleFinder.of(jar).findAll().stream()
                    .findFirst()
                    .orElseThrow(() -> new IOException(jar + " is not a module"))
                    .descriptor()
                    .name();
        } catch (FindException e) {
            throw new IOException(jar + " has no name as a module: " + e.getMessage(), e);
        }
    }

    @Override
    public String toString() {
        return group + ":" + artifact + ":" + version;
    }
}
