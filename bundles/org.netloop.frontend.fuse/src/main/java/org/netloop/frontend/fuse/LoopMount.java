package org.netloop.frontend.fuse;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A loop device over a slice of a file, and the file system on it, mounted read-only.
 *
 * @param device the loop device
 * @param directory where it is mounted
 */
record LoopMount(String device, Path directory) {
    private static final Logger LOG = LoggerFactory.getLogger(LoopMount.class);

    /** The image's own privileges and devices mean nothing on this machine. */
    private static final String ALWAYS = "ro,nosuid,nodev";

    /**
     * Mounts a slice; leaves nothing behind if it cannot.
     *
     * @param type of the file system, as blkid(8) calls it; empty if it does not know
     * @param noexec whether its programs may not be run
     */
    static LoopMount make(Path file, Slice slice, String type, Path directory, boolean noexec)
            throws IOException {
        String device =
                Tool.run(
                        "losetup",
                        "--find",
                        "--show",
                        "--read-only",
                        "--offset",
                        String.valueOf(slice.offset()),
                        "--sizelimit",
                        String.valueOf(slice.length()),
                        file.toString());
        LoopMount loop = new LoopMount(device, directory);
        try {
            loop.mount(noexec ? ALWAYS + ",noexec" : ALWAYS, recoveries(type));
            return loop;
        } catch (IOException | RuntimeException | Error e) {
            loop.detach();
            throw e;
        }
    }

    /**
     * A journal that was not closed cannot be replayed on a read-only device: then it is passed
     * over, in the words of each file system.
     */
    private static List<String> recoveries(String type) {
        return switch (type) {
            case "ext2", "ext3", "ext4" -> List.of("", ",noload");
            case "xfs" -> List.of("", ",norecovery,nouuid");
            case "btrfs" -> List.of("", ",norecovery");
            default -> List.of("");
        };
    }

    private void mount(String options, List<String> recoveries) throws IOException {
        IOException first = null;
        for (String recovery : recoveries) {
            try {
                Tool.run("mount", "-o", options + recovery, device, directory.toString());
                return;
            } catch (IOException e) {
                first = first == null ? e : first;
            }
        }
        throw first == null ? new IOException("there is no way to mount it") : first;
    }

    /**
     * Unmounts and detaches it.
     *
     * @throws IOException if it is in use; nothing has changed then
     */
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
        detach();
    }

    /** As {@link #close}, also where it is in use: it goes when its last user does. */
    void abandon() {
        try {
            Tool.run("umount", "-l", directory.toString());
        } catch (IOException e) {
            LOG.warn("{} stays mounted: {}", directory, e.getMessage());
        }
        detach();
    }

    /** A device in use goes by itself when its last user does. */
    private void detach() {
        try {
            Tool.run("losetup", "--detach", device);
        } catch (IOException e) {
            LOG.warn("{} stays attached: {}", device, e.getMessage());
        }
    }
}
