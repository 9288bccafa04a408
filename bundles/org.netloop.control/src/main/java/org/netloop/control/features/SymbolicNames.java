package org.netloop.control.features;

import org.osgi.framework.Constants;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/**
 * Symbolic names of bundles in jars, each read once as long as its file stays as it is: features
 * name the same bundles again and again. Thread-safe.
 */
final class SymbolicNames {
    private record Known(FileTime modified, String name) {}

    private final Map<Path, Known> known = new ConcurrentHashMap<>();

    /**
     * Returns the symbolic name of the bundle in a jar; empty if it is none.
     *
     * @throws IOException if the jar is not there or damaged; the message names it
     */
    String of(Path jar) throws IOException {
        try {
            FileTime modified = Files.getLastModifiedTime(jar);
            Known before = known.get(jar);
            if (before != null && before.modified().equals(modified)) {
                return before.name();
            }
            String name = read(jar);
            known.put(jar, new Known(modified, name));
            return name;
        } catch (IOException e) {
            throw new IOException(jar + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static String read(Path jar) throws IOException {
        try (JarFile open = new JarFile(jar.toFile())) {
            Manifest manifest = open.getManifest();
            String name =
                    manifest == null
                            ? null
                            : manifest.getMainAttributes().getValue(Constants.BUNDLE_SYMBOLICNAME);
            return name == null ? "" : name.replaceFirst(";.*", "").strip();
        }
    }
}
