package org.netloop.api.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/**
 * The kind, permissions and owners of a file of a Unix. Immutable.
 *
 * @param bits {@code st_mode}: the kind and the permissions
 * @param uid the number of its owner
 * @param gid the number of its group
 * @param owner the name of its owner; the number if there is no name
 * @param group the name of its group; the number if there is no name
 */
record FileMode(int bits, int uid, int gid, String owner, String group) {
    /** The attribute view that knows all this; a file system without it is not a Unix's. */
    static final String VIEW = "unix";

    private static final int KIND = 0xf000;
    private static final int BLOCK_DEVICE = 0x6000;
    private static final int STICKY = 01000;
    private static final int GROUP_WRITE = 0020;
    private static final int OTHERS_WRITE = 0002;
    private static final int PERMISSIONS = 07777;

    /** Looks at a file. */
    static FileMode of(Path path, LinkOption... options) throws IOException {
        Map<String, Object> all =
                Files.readAttributes(path, VIEW + ":mode,uid,gid,owner,group", options);
        return new FileMode(
                (Integer) Objects.requireNonNull(all.get("mode")),
                (Integer) Objects.requireNonNull(all.get("uid")),
                (Integer) Objects.requireNonNull(all.get("gid")),
                String.valueOf(all.get("owner")),
                String.valueOf(all.get("group")));
    }

    boolean isBlockDevice() {
        return (bits & KIND) == BLOCK_DEVICE;
    }

    /** Returns the mode without the kind of file, as {@code chmod} takes it. */
    int permissions() {
        return bits & PERMISSIONS;
    }

    boolean isSticky() {
        return (bits & STICKY) != 0;
    }

    boolean isWritableByOthers() {
        return (bits & OTHERS_WRITE) != 0;
    }

    boolean isWritableByGroup() {
        return (bits & GROUP_WRITE) != 0;
    }

    /** Returns whether the group is the owner's private group, as far as its name shows. */
    boolean hasPrivateGroup() {
        return group.equals(owner);
    }

    @Override
    public String toString() {
        return "mode " + Integer.toOctalString(permissions());
    }
}
