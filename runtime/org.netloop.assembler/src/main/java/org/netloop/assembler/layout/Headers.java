package org.netloop.assembler.layout;

import org.netloop.api.message.Failures;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/**
 * Headers of a bundle's manifest.
 *
 * @param file the jar
 * @param manifest its manifest; an empty one if it has none
 */
public record Headers(Path file, Manifest manifest) {

    /** Reads the manifest of a jar. */
    public static Headers read(Path file) throws IOException {
        try (JarFile jar = new JarFile(file.toFile())) {
            Manifest manifest = jar.getManifest();
            return new Headers(file, manifest == null ? new Manifest() : manifest);
        } catch (IOException e) {
            throw new IOException(file + " cannot be read as a jar: " + Failures.sentence(e), e);
        }
    }

    /** Returns a header; empty if it is not there. */
    public String get(String name) {
        String value = manifest.getMainAttributes().getValue(name);
        return value == null ? "" : value;
    }

    /** Returns the symbolic name; empty if the jar is no bundle. */
    public String name() {
        return get("Bundle-SymbolicName").replaceFirst(";.*", "").strip();
    }

    /** Returns the names in a header, without what has to be there only optionally. */
    public List<String> names(String header) {
        List<String> names = new ArrayList<>();
        for (String clause : clauses(get(header))) {
            if (!clause.replace(" ", "").contains("resolution:=optional")) {
                names.add(clause.replaceFirst(";.*", "").strip());
            }
        }
        return names;
    }

    /** A comma inside quotes does not separate clauses. */
    private static List<String> clauses(String header) {
        List<String> clauses = new ArrayList<>();
        StringBuilder clause = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < header.length(); i++) {
            char c = header.charAt(i);
            quoted ^= c == '"';
            if (c == ',' && !quoted) {
                clauses.add(clause.toString());
                clause.setLength(0);
            } else {
                clause.append(c);
            }
        }
        if (!clause.toString().isBlank()) {
            clauses.add(clause.toString());
        }
        return clauses;
    }
}
