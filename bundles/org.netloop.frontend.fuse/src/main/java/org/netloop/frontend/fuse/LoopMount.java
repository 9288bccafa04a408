package org.netloop.frontend.fuse;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A loop device over a file, and the file system on it, mounted read-only.
 *
 * @param device the loop device
 * @param directory where it is mounted
 */
record LoopMount(String device, Path directory) {
    private static final Logger LOG = LoggerFactory.getLogger(LoopMount.class);

    /**
     * A journal that was not closed cannot be replayed on a read-only device: then it is passed
     * over.
     */
    private static final List<String> OPTIONS =
            List.of("ro", "ro,noload", "ro,norecovery,nouuid", "ro,norecovery");

    static LoopMount make(Path file, Path directory) throws IOException {
        String device = Tool.run("losetup", "--find", "--show", "--read-only", file.toString());
        IOException failure = null;
        for (String options : OPTIONS) {
            try {
                Tool.run("mount", "-o", options, device, directory.toString());
                return new LoopMount(device, directory);
            } catch (IOException e) {
                failure = failure == null ? e : failure;
            }
        }
        Tool.run("losetup", "--detach", device);
        throw new IOException(
                "the file system of "
                        + file
                        + " cannot be mounted: "
                        + (failure == null ? "" : failure.getMessage()),
                failure);
    }

    /** Unmounts and detaches it. */
    void close() throws IOException {
        try {
            Tool.run("umount", directory.toString());
        } catch (IOException e) {
            throw new IOException(
                    directory
                            + " is in use: end what uses it (fuser -m "
                            + directory
                            + ") and try again: "
                            + e.getMessage(),
                    e);
        }
        Tool.run("losetup", "--detach", device);
    }

    /** As {@link #close}, also where it is in use: it goes when its last user does. */
    void abandon() {
        try {
            Tool.run("umount", "-l", directory.toString());
            Tool.run("losetup", "--detach", device);
        } catch (IOException e) {
            LOG.warn("{} on {} is left behind: {}", directory, device, e.getMessage());
        }
    }
}
