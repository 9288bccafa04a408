package org.netloop.itest;

import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Makes plugins of one class, as bnd would, from its source: those that tests need to be wrong.
 * Used by one test.
 */
final class PluginJar {
    private static final String PACKAGE = "com.example.bad";
    private static final String COMPONENT = "OSGI-INF/component.xml";

    private final String contract;
    private final Map<String, byte[]> entries = new LinkedHashMap<>();
    private final Attributes headers = new Attributes();
    private final StringBuilder properties = new StringBuilder();
    private String version = "1.0.0";

    /**
     * A plugin with a service.
     *
     * @param contract its interface without {@code org.netloop.api.}
     */
    PluginJar(String contract) {
        this.contract = contract;
    }

    /** Adds a service property. */
    PluginJar property(String name, String value) {
        properties.append("<property name=\"%s\" value=\"%s\"/>".formatted(name, value));
        return this;
    }

    /** Adds a header of the manifest. */
    PluginJar header(String name, String value) {
        headers.putValue(name, value);
        return this;
    }

    /** Adds an entry. */
    PluginJar entry(String name, byte[] bytes) {
        entries.put(name, bytes);
        return this;
    }

    /** Sets a version other than 1.0.0. */
    PluginJar version(String other) {
        version = other;
        return this;
    }

    /**
     * Writes it.
     *
     * @param home a runtime, whose contracts it is compiled against
     * @param body the members of its class {@code Bad}, with all names in full
     */
    Path write(Path home, Path jar, String body) throws IOException {
        Path classes = Files.createTempDirectory(jar.toAbsolutePath().getParent(), "classes");
        compile(home, classes, body);
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", PACKAGE);
        main.putValue("Bundle-Version", version);
        main.putValue("Service-Component", COMPONENT);
        main.putValue("Import-Package", imports(home));
        main.putAll(headers);
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest)) {
            put(out, COMPONENT, component().getBytes(StandardCharsets.UTF_8));
            try (Stream<Path> all = Files.walk(classes)) {
                for (Path each : all.filter(Files::isRegularFile).toList()) {
                    put(out, classes.relativize(each).toString(), Files.readAllBytes(each));
                }
            }
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                put(out, entry.getKey(), entry.getValue());
            }
        }
        return jar;
    }

    private static void put(JarOutputStream out, String name, byte[] bytes) throws IOException {
        out.putNextEntry(new JarEntry(name));
        out.write(bytes);
    }

    private String component() {
        return """
        <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.4.0" name="%s.Bad">
          <implementation class="%s.Bad"/>
          <service><provide interface="org.netloop.api.%s"/></service>
          %s
        </scr:component>
        """
                .formatted(PACKAGE, PACKAGE, contract, properties);
    }

    /** All contracts, in whatever version: what a class names is among them. */
    private static String imports(Path home) throws IOException {
        try (var jar = new JarFile(api(home).toFile())) {
            return Stream.of(
                            jar.getManifest()
                                    .getMainAttributes()
                                    .getValue("Export-Package")
                                    .replaceAll("\"[^\"]*\"", "")
                                    .split(","))
                    .map(each -> each.replaceFirst(";.*", ""))
                    .reduce((one, other) -> one + "," + other)
                    .orElseThrow();
        }
    }

    private static Path api(Path home) throws IOException {
        return Plugins.jars(home.resolve("bundles")).stream()
                .filter(each -> each.getFileName().toString().startsWith("org.netloop.api-"))
                .findFirst()
                .orElseThrow();
    }

    private void compile(Path home, Path classes, String body) throws IOException {
        String source =
                "package %s; public final class Bad implements org.netloop.api.%s { %s }"
                        .formatted(PACKAGE, contract, body);
        JavaFileObject file =
                new SimpleJavaFileObject(
                        URI.create("string:///Bad.java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return source;
                    }
                };
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<String> options =
                    List.of("-proc:none", "-d", classes.toString(), "-cp", api(home).toString());
            if (!compiler.getTask(said, files, null, options, null, List.of(file)).call()) {
                throw new IOException(said.toString());
            }
        }
    }
}
