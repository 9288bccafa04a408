package org.netloop.frontend.devfuse;

import org.jspecify.annotations.Nullable;
import org.netloop.api.mount.MountPoint;
import org.netloop.api.mount.MountTable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Says which mount a kept descriptor is of, as a name that systemd takes for a descriptor: {@code
 * netloop-fuse-0-57-ro-own}.
 *
 * @param device the number of the mount's file system: {@code 0:57}
 * @param kind of the mount
 */
record Claim(String device, Mounting.Kind kind) {
    private static final Pattern TEXT =
            Pattern.compile("netloop-fuse-([0-9]{1,9})-([0-9]{1,9})-(rw|ro)-(others|own)");

    /**
     * Makes that of a mount of this process.
     *
     * @throws IOException if it is not mounted any more
     */
    static Claim of(Path directory, Mounting.Kind kind) throws IOException {
        MountTable.Entry there = MountTable.read().at(MountPoint.real(directory));
        if (there == null) {
            throw new IOException(directory + " is not mounted any more");
        }
        return new Claim(there.device(), kind);
    }

    /** Returns it as text. */
    String text() {
        return "netloop-fuse-"
                + device.replace(':', '-')
                + (kind.writes() ? "-rw" : "-ro")
                + (kind.others() ? "-others" : "-own");
    }

    /** Parses the text; null if it is none. */
    static @Nullable Claim parse(String text) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            return null;
        }
        Mounting.Kind kind =
                new Mounting.Kind(parts.group(4).equals("others"), parts.group(3).equals("rw"));
        return new Claim(parts.group(1) + ":" + parts.group(2), kind);
    }

    /** Returns the file system at a directory, if it is FUSE; nothing is asked of the mount. */
    static @Nullable String deviceAt(Path directory) throws IOException {
        Path parent = directory.getParent();
        if (parent == null || !Files.isDirectory(parent)) {
            return null;
        }
        MountTable.Entry there =
                MountTable.read().at(parent.toRealPath().resolve(directory.getFileName()));
        return there == null || !there.isFuse() ? null : there.device();
    }
}
