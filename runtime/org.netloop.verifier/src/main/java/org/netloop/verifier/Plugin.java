package org.netloop.verifier;

import org.jspecify.annotations.Nullable;
import org.netloop.api.message.Failures;
import org.osgi.framework.Constants;

import java.io.IOException;
import java.lang.module.FindException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Path;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/**
 * A jar as it lies there, before any framework has seen it.
 *
 * @param file the jar
 * @param name its symbolic name; empty if it is no bundle
 * @param version its version as the manifest has it
 */
record Plugin(Path file, String name, String version) {

    static Plugin read(Path file) throws IOException {
        try (JarFile jar = new JarFile(file.toFile())) {
            Manifest manifest = jar.getManifest();
            return new Plugin(
                    file,
                    header(manifest, Constants.BUNDLE_SYMBOLICNAME).replaceFirst(";.*", "").strip(),
                    header(manifest, Constants.BUNDLE_VERSION));
        } catch (IOException e) {
            throw new IOException(file + " cannot be read as a jar: " + Failures.sentence(e), e);
        }
    }

    private static String header(@Nullable Manifest manifest, String name) {
        String value = manifest == null ? null : manifest.getMainAttributes().getValue(name);
        return value == null ? "" : value;
    }

    boolean isBundle() {
        return !name.isEmpty();
    }

    /**
     * Returns its module, which may be an automatic one.
     *
     * @throws FindException if its descriptor is malformed, or its file's name gives none
     */
    Optional<ModuleDescriptor> module() {
        return ModuleFinder.of(file).findAll().stream()
                .findFirst()
                .map(ModuleReference::descriptor);
    }
}
