package org.netloop.control;

import org.osgi.framework.Constants;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** Writes bundles with hardly anything in them. */
public final class TestBundle {
    private TestBundle() {}

    /**
     * Writes a bundle.
     *
     * @param name its symbolic name
     * @param more of its headers
     * @param code the classes it has
     * @return the file
     */
    public static Path write(Path file, String name, Map<String, String> more, Class<?>... code)
            throws IOException {
        Manifest manifest = new Manifest();
        Attributes headers = manifest.getMainAttributes();
        headers.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        headers.putValue(Constants.BUNDLE_MANIFESTVERSION, "2");
        headers.putValue(Constants.BUNDLE_SYMBOLICNAME, name);
        more.forEach(headers::putValue);
        try (OutputStream out = Files.newOutputStream(file);
                JarOutputStream jar = new JarOutputStream(out, manifest)) {
            for (Class<?> one : code) {
                String entry = one.getName().replace('.', '/') + ".class";
                try (InputStream in =
                        Objects.requireNonNull(one.getClassLoader().getResourceAsStream(entry))) {
                    jar.putNextEntry(new JarEntry(entry));
                    in.transferTo(jar);
                }
            }
        }
        return file;
    }
}
