package org.netloop.assembler.layout;

import org.netloop.assembler.AssemblyException;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A jar that no feature names, as the appliance's own feature names it.
 *
 * @param name symbolic name
 * @param version as its manifest has it
 */
record Plugin(String name, String version) {

    /** Reads the manifest of a jar, which must be a bundle's. */
    static Plugin of(Path jar) throws IOException, AssemblyException {
        Headers headers = Headers.read(jar);
        if (headers.name().isEmpty()) {
            throw new AssemblyException(
                    jar
                            + " is no bundle: its manifest has no Bundle-SymbolicName; see 'netloop"
                            + " plugin verify'");
        }
        String version = headers.get("Bundle-Version");
        return new Plugin(headers.name(), version.isEmpty() ? "0.0.0" : version);
    }

    String file() {
        return name + "-" + version + ".jar";
    }

    String id() {
        return "plugin:" + name + ":" + version;
    }
}
