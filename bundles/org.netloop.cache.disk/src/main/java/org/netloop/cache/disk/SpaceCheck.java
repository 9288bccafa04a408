package org.netloop.cache.disk;

import org.netloop.api.health.Finding;
import org.netloop.api.health.HealthCheck;
import org.netloop.api.health.HealthStatus;
import org.netloop.api.message.Failures;
import org.netloop.api.message.Sizes;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Checks that the cache is open, and that its file system has room. Thread-safe.
 *
 * @param directory of the cache
 * @param isOpen tells whether it is open
 */
record SpaceCheck(Path directory, BooleanSupplier isOpen) implements HealthCheck {
    /** A file system that is emptier than one part in so many has no room. */
    private static final long LEAST_PART = 50;

    @Override
    public List<Finding> check() {
        if (!isOpen.getAsBoolean()) {
            return warn(
                    "it cannot be used, and nothing is kept on disk",
                    "see the log; check the directory's owner and file system");
        }
        try {
            return findings(Files.getFileStore(directory));
        } catch (IOException e) {
            return warn(Failures.sentence(e), "check the directory and its file system");
        }
    }

    /** Returns what there is to say of a file system. */
    List<Finding> findings(FileStore store) throws IOException {
        long usable = store.getUsableSpace();
        return usable < store.getTotalSpace() / LEAST_PART
                ? warn(
                        Sizes.human(usable) + " are left of its file system",
                        "free space, or lower budget.mib of org.netloop.cache.disk")
                : List.of();
    }

    private List<Finding> warn(String message, String advice) {
        return List.of(new Finding(HealthStatus.WARN, "cache " + directory, message, advice));
    }
}
