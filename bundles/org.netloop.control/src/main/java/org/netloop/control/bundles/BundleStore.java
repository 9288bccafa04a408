package org.netloop.control.bundles;

import org.osgi.framework.Bundle;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Copies of the files of bundles: the framework reads from them for as long as they are installed,
 * whatever happens to the files they came from. Gone when the process ends.
 */
final class BundleStore {
    private final Path directory;
    private final AtomicLong next = new AtomicLong();

    /** Below a directory that nobody else may look into. */
    BundleStore(Path storage) throws IOException {
        directory = Files.createDirectories(storage.resolve("netloop-bundles"));
    }

    BundleFile keep(BundleFile bundle) throws IOException {
        Path copy = directory.resolve(next.incrementAndGet() + "-" + bundle.name() + ".jar");
        Files.copy(bundle.file(), copy);
        return bundle.in(copy);
    }

    /** Returns whether a file is a copy in this store; files named by features are not. */
    boolean isKept(Path file) {
        return file.startsWith(directory);
    }

    /** Deletes a copy that nobody needs any more; what was not kept here is left alone. */
    void drop(Path file) throws IOException {
        if (isKept(file)) {
            Files.deleteIfExists(file);
        }
    }

    /** Returns the file from which a bundle was installed by reference. */
    static Path file(Bundle bundle) {
        String location = bundle.getLocation();
        return Path.of(URI.create(location.substring(location.indexOf(':') + 1)));
    }
}
