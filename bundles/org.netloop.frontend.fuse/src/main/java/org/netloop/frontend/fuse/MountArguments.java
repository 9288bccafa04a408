package org.netloop.frontend.fuse;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command line by which libfuse 2 is told how to mount (mount.fuse(8)). Stateless. */
final class MountArguments {
    /**
     * The kernel reads ahead in so many requests at a time, over all files: the most there can be,
     * as one file whose reads wait must not use up what the others need.
     */
    private static final int BACKGROUND = 0xFFFF;

    private MountArguments() {}

    /**
     * Returns the arguments, beginning with the name of the program.
     *
     * @param others whether other users may see the mount
     */
    static String[] of(Path directory, boolean writable, boolean others) {
        List<String> options =
                new ArrayList<>(
                        List.of(
                                writable ? "rw,big_writes" : "ro",
                                "nosuid",
                                "nodev",
                                "fsname=netloop",
                                "subtype=netloop",
                                "auto_cache",
                                "async_read",
                                "max_background=" + BACKGROUND,
                                "congestion_threshold=" + BACKGROUND,
                                "max_read=" + Reply.MOST,
                                "default_permissions"));
        if (others) {
            options.add("allow_other");
        }
        return new String[] {
            "netloop", "-f", "-o", String.join(",", options), directory.toString()
        };
    }
}
