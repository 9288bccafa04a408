package org.netloop.control.bundles;

import org.netloop.api.plugin.PluginFile;
import org.osgi.framework.Version;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A bundle in a file.
 *
 * @param file a jar
 * @param name its symbolic name
 * @param version its version
 * @param notes why it may fail once it is installed
 */
record BundleFile(Path file, String name, Version version, List<String> notes) {

    /**
     * Reads it.
     *
     * @throws IOException if it cannot be installed; the message says why, as {@code plugin verify}
     *     does
     */
    static BundleFile read(Path file) throws IOException {
        PluginFile plugin = PluginFile.read(file);
        if (!plugin.problems().isEmpty()) {
            throw new IOException(String.join("; ", plugin.problems()));
        }
        try {
            return new BundleFile(
                    file, plugin.name(), Version.parseVersion(plugin.version()), plugin.notes());
        } catch (IllegalArgumentException e) {
            throw new IOException("it has no valid version: " + e.getMessage(), e);
        }
    }

    /** The same in another file. */
    BundleFile in(Path copy) {
        return new BundleFile(copy, name, version, notes);
    }

    @Override
    public String toString() {
        return name + " " + version;
    }
}
