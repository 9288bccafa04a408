package org.netloop.itest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Every bundle of ours is a named module too, and all of them stand on one module path. */
class ModulesTest {
    private static final String LAUNCHER = "org.netloop.launcher";
    private static final Path HOME =
            Path.of(System.getProperty("netloop.itest.runtime")).toAbsolutePath().normalize();

    @TempDir Path path;

    private static List<Path> jars(String directory) throws IOException {
        try (Stream<Path> files = Files.list(HOME.resolve(directory))) {
            return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
        }
    }

    private static List<Path> bundles() throws IOException {
        return jars("bundles").stream()
                .filter(jar -> jar.getFileName().toString().startsWith("org.netloop."))
                .toList();
    }

    @Test
    void itsModuleIsNamedAsTheBundleAndExportsWhatTheBundleDoes() throws IOException {
        for (Path jar : bundles()) {
            ModuleDescriptor module = descriptor(jar);
            try (JarFile file = new JarFile(jar.toFile())) {
                var headers = file.getManifest().getMainAttributes();
                assertThat(module.isAutomatic()).as(jar.toString()).isFalse();
                assertThat(module.name()).isEqualTo(headers.getValue("Bundle-SymbolicName"));
                Set<String> exports =
                        module.exports().stream()
                                .map(ModuleDescriptor.Exports::source)
                                .collect(Collectors.toCollection(TreeSet::new));
                assertThat(exports)
                        .as(jar.toString())
                        .isEqualTo(exported(headers.getValue("Export-Package")));
            }
        }
    }

    /** The names of an Export-Package header; its directives hold commas in quotes only. */
    private static Set<String> exported(String header) {
        if (header == null) {
            return Set.of();
        }
        return Stream.of(header.replaceAll("\"[^\"]*\"", "").split(","))
                .map(clause -> clause.split(";")[0].strip())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void theVirtualMachineStartsWithAllOfThemOnItsModulePath() throws Exception {
        for (String directory : List.of("bundles", "lib")) {
            for (Path jar : jars(directory)) {
                // Those of OSGi and Felix have no descriptor and hold each other's packages; at run
                // time no module of ours needs them.
                // Nor is the launcher there, which hands over to Felix and provides the log.
                if (!descriptor(jar).isAutomatic() && !jar.toString().contains(LAUNCHER)) {
                    Files.copy(
                            jar,
                            path.resolve(jar.getFileName()),
                            StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
        for (Path jar : bundles()) {
            addLibraries(jar);
        }
        Process java =
                new ProcessBuilder(
                                ProcessHandle.current().info().command().orElseThrow(),
                                "-p",
                                path.toString(),
                                "--add-modules",
                                bundles().stream()
                                        .map(ModulesTest::module)
                                        .collect(Collectors.joining(",")),
                                "--list-modules")
                        .redirectErrorStream(true)
                        .start();
        String output = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(java.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(java.exitValue()).as(output).isZero();
        for (Path jar : bundles()) {
            assertThat(output).contains(module(jar) + "@");
        }
    }

    private static String module(Path jar) {
        return jar.getFileName().toString().replaceFirst("-[0-9].*", "");
    }

    /**
     * A bundle's own libraries are modules beside it on a module path: one of each name, as a path
     * takes no two.
     */
    private void addLibraries(Path jar) throws IOException {
        for (String name : libraries(jar)) {
            Path library = library(name);
            if (ModuleFinder.of(path).find(descriptor(library).name()).isEmpty()) {
                Files.copy(library, path.resolve(library.getFileName()));
            }
        }
    }

    /** The names of the directories that a bundle's class path has beside its root. */
    private static Set<String> libraries(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.stream()
                    .map(JarEntry::getName)
                    .filter(name -> name.matches("META-INF/lib/[^/]+/.+"))
                    .map(name -> name.split("/")[2])
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static Path library(String name) throws IOException {
        try (Stream<Path> files = Files.list(HOME.resolveSibling("libraries"))) {
            return files.filter(file -> isOf(name, file.getFileName().toString()))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no jar is of the library " + name));
        }
    }

    private static boolean isOf(String name, String file) {
        return file.matches(Pattern.quote(name) + "-\\d.*");
    }

    private static ModuleDescriptor descriptor(Path jar) {
        return ModuleFinder.of(jar).findAll().iterator().next().descriptor();
    }
}
