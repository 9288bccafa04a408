package org.netloop.api.mount;

import org.netloop.api.message.Failures;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A loop device over a slice of a file, and the file system on it.
 *
 * @param device the loop device
 * @param directory where it is mounted
 */
record LoopMount(String device, Path directory) {
    /** The image's own privileges and devices mean nothing on this machine. */
    private static final String ALWAYS = "nosuid,nodev";

    /**
     * Mounts a slice; leaves nothing behind if it cannot.
     *
     * @param type of the file system, as blkid(8) calls it; empty if it does not know
     * @param wish how it is mounted
     */
    static LoopMount make(
            Path file, Slice slice, String type, Path directory, FileSystems.Wish wish)
            throws IOException {
        List<String> command = new ArrayList<>(List.of("losetup", "--find", "--show"));
        if (!wish.writable()) {
            command.add("--read-only");
        }
        command.addAll(
                List.of(
                        "--offset",
                        String.valueOf(slice.offset()),
                        "--sizelimit",
                        String.valueOf(slice.length()),
                        file.toString()));
        String device = Tool.run(command);
        LoopMount loop = new LoopMount(device, directory);
        try {
            String options = (wish.writable() ? "rw," : "ro,") + ALWAYS;
            loop.mount(
                    wish.noexec() ? options + ",noexec" : options,
                    wish.writable() ? List.of("") : recoveries(type));
            return loop;
        } catch (IOException | RuntimeException | Error e) {
            try {
                loop.detach();
            } catch (IOException left) {
                e.addSuppressed(left);
            }
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
     * Unmounts it and detaches its device.
     *
     * @param notes is told if the device stays
     * @throws IOException if it is in use; nothing has changed then
     */
    void close(Notes notes) throws IOException {
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
        detachOrSay(notes);
    }

    /**
     * Unmounts like {@link #close}, but lazily where it is in use: it disappears with its last
     * user.
     */
    void abandon(Notes notes) {
        try {
            Tool.run("umount", "-l", directory.toString());
        } catch (IOException e) {
            notes.warn(directory + " stays mounted: " + Failures.sentence(e));
        }
        detachOrSay(notes);
    }

    private void detachOrSay(Notes notes) {
        try {
            detach();
        } catch (IOException e) {
            notes.warn(device + " stays attached: " + Failures.sentence(e));
        }
    }

    /** A device in use goes by itself when its last user does. */
    private void detach() throws IOException {
        Tool.run("losetup", "--detach", device);
    }
}
