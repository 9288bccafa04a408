package org.netloop.api.plugin;

import org.jspecify.annotations.Nullable;
import org.netloop.api.message.Failures;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipException;

/**
 * Plugin as found in its jar, before a framework has loaded it. Immutable.
 *
 * @param file the jar
 * @param name its symbolic name; empty if it is not a bundle
 * @param version its version, as the manifest writes it; {@code 0} if it has none
 * @param canBeReplaced whether it can be replaced while a deployment runs: no bundle is wired to
 *     it, and it does not answer the request itself
 * @param problems reasons why it cannot be installed, a sentence each; empty if there are none
 * @param notes observations that do not prevent its installation, but may explain a later failure
 */
public record PluginFile(
        Path file,
        String name,
        String version,
        boolean canBeReplaced,
        List<String> problems,
        List<String> notes) {

    /**
     * Header of bundles that are replaced only by restarting the deployment, because they hold
     * attachments, or answer the request to replace them. Its value does not matter.
     */
    public static final String FIXED = "Netloop-Fixed";

    private static final String NAME = "Bundle-SymbolicName";
    private static final String VERSION = "Bundle-Version";
    private static final String EXPORTS = "Export-Package";
    private static final String FRAGMENT = "Fragment-Host";

    /** Copies the lists. */
    public PluginFile {
        problems = List.copyOf(problems);
        notes = List.copyOf(notes);
    }

    /**
     * Reads the manifest of a jar, the names of its entries, and the first bytes of its classes;
     * loads no class.
     *
     * @throws IOException if there is no such file, or it is not a jar; the message names the file
     */
    public static PluginFile read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException("there is no file " + file);
        }
        try (JarFile jar = new JarFile(file.toFile())) {
            Manifest manifest = jar.getManifest();
            Attributes headers = manifest == null ? new Attributes() : manifest.getMainAttributes();
            JarContents contents = JarContents.read(jar);
            List<String> problems = new ArrayList<>(problems(headers));
            problems.addAll(contents.problems());
            return new PluginFile(
                    file,
                    withoutDirectives(headers.getValue(NAME)),
                    withoutDirectives(headers.getValue(VERSION)).isEmpty()
                            ? "0"
                            : withoutDirectives(headers.getValue(VERSION)),
                    headers.getValue(EXPORTS) == null && headers.getValue(FIXED) == null,
                    problems,
                    contents.missing(headers.getValue("Bundle-ClassPath")));
        } catch (ZipException e) {
            throw new IOException(file + " cannot be read as a jar: " + Failures.sentence(e), e);
        }
    }

    private static List<String> problems(Attributes headers) {
        List<String> problems = new ArrayList<>();
        if (withoutDirectives(headers.getValue(NAME)).isEmpty()) {
            problems.add(
                    "it is not an OSGi bundle: its manifest has no "
                            + NAME
                            + "; is bnd-maven-plugin in its pom.xml?");
            return problems;
        }
        if (headers.getValue(FRAGMENT) != null) {
            problems.add("it is a fragment of another bundle: it cannot be started by itself");
            return problems;
        }
        String exports = headers.getValue(EXPORTS);
        if (exports != null && !exports.isBlank()) {
            problems.add(
                    "it exports the package "
                            + exports.replaceFirst("[;,].*", "").strip()
                            + ": others would be wired to it, and it could not be removed while"
                            + " they run; keep its packages private (no Export-Package, no"
                            + " @Version on a package)");
        }
        if (headers.getValue("Service-Component") == null
                && headers.getValue("Bundle-Activator") == null) {
            problems.add(
                    "it registers no service of a contract: is there a class with @Component that"
                            + " implements one?");
        }
        if (headers.getValue(FIXED) != null) {
            problems.add(onlyByRestart(withoutDirectives(headers.getValue(NAME))));
        }
        return problems;
    }

    /**
     * Returns the message that a part of Netloop itself is not replaced while it runs.
     *
     * @param name its symbolic name
     */
    public static String onlyByRestart(String name) {
        return name
                + " is a part that other bundles depend on: restart the deployment to replace it";
    }

    private static String withoutDirectives(@Nullable String value) {
        return value == null ? "" : value.replaceFirst(";.*", "").strip();
    }
}
