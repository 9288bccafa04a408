package org.netloop.assembler.layout;

import org.netloop.assembler.AssemblyException;

import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * A jar that no feature names, as the appliance's own feature names it. Both parts have the grammar
 * of OSGi (Core 1.3.2): a file is named by them.
 *
 * @param name symbolic name
 * @param version as its manifest has it
 */
record Plugin(String name, String version) {
    private static final Pattern NAME = Pattern.compile("[\\w-]+(\\.[\\w-]+)*");
    private static final Pattern VERSION =
            Pattern.compile("\\d{1,9}(\\.\\d{1,9}(\\.\\d{1,9}(\\.[\\w-]+)?)?)?");

    /** Reads the manifest of a jar, which must be a bundle's. */
    static Plugin of(Path jar) throws IOException, AssemblyException {
        Headers headers = Headers.read(jar);
        if (headers.name().isEmpty()) {
            throw new AssemblyException(
                    jar
                            + " is no bundle: its manifest has no Bundle-SymbolicName; see 'netloop"
                            + " plugin verify'");
        }
        String version = headers.get("Bundle-Version").strip();
        check(jar, "Bundle-SymbolicName", headers.name(), NAME);
        if (version.isEmpty()) {
            return new Plugin(headers.name(), "0.0.0");
        }
        check(jar, "Bundle-Version", version, VERSION);
        return new Plugin(headers.name(), version);
    }

    private static void check(Path jar, String header, String value, Pattern grammar)
            throws AssemblyException {
        if (!grammar.matcher(value).matches()) {
            throw new AssemblyException(
                    jar + " is not a valid bundle: its " + header + " is '" + value + "'");
        }
    }

    String file() {
        return name + "-" + version + ".jar";
    }

    String id() {
        return "plugin:" + name + ":" + version;
    }
}
