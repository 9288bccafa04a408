package org.netloop.control.bundles;

import org.netloop.api.file.PrivateDirectory;
import org.netloop.control.registry.TrustedFiles;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Checks of who may supply code to this process: its own user, and root. */
final class PluginAccess {
    private PluginAccess() {}

    /**
     * Checks that nobody else could have put or changed a plugin.
     *
     * @throws IOException if somebody could; the message says who, and what to do
     */
    static void check(Path directory, Path plugin) throws IOException {
        Optional<String> weakness = PrivateDirectory.weakness(directory);
        if (weakness.isEmpty()) {
            weakness = TrustedFiles.weakness(plugin);
        }
        if (weakness.isPresent()) {
            throw new IOException(weakness.get());
        }
    }
}
