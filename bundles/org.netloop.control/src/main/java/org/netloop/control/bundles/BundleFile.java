package org.netloop.control.bundles;

import org.osgi.framework.Constants;
import org.osgi.framework.Version;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipException;

/**
 * A bundle in a file.
 *
 * @param file a jar
 * @param name its symbolic name
 * @param version its version
 */
record BundleFile(Path file, String name, Version version) {

    static BundleFile read(Path file) throws IOException {
        try (JarFile jar = new JarFile(file.toFile())) {
            Manifest manifest = jar.getManifest();
            Attributes headers = manifest == null ? new Attributes() : manifest.getMainAttributes();
            String name = headers.getValue(Constants.BUNDLE_SYMBOLICNAME);
            if (name == null) {
                throw new IOException(
                        file
                                + " is no bundle: its manifest has no "
                                + Constants.BUNDLE_SYMBOLICNAME);
            }
            int directives = name.indexOf(';');
            return new BundleFile(
                    file,
                    (directives < 0 ? name : name.substring(0, directives)).strip(),
                    Version.parseVersion(headers.getValue(Constants.BUNDLE_VERSION)));
        } catch (NoSuchFileException e) {
            throw new IOException("there is no file " + file, e);
        } catch (ZipException e) {
            throw new IOException(file + " is no bundle: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " has no valid version: " + e.getMessage(), e);
        }
    }

    @Override
    public String toString() {
        return name + " " + version;
    }
}
