package org.netloop.api.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Users that this process trusts with its files: root and its own.
 *
 * @param uid the user of this process as the kernel reports it; -1 if unknown
 * @param name the user's name in the user database
 * @param unmapped whether owners outside of this process's user namespace show as {@value
 *     #OVERFLOW_UID}: they cannot be distinguished from root, and count as root
 */
record Owners(int uid, String name, boolean unmapped) {
    private static final int OVERFLOW_UID = 65_534;
    private static final Path SELF = Path.of("/proc/self");
    private static final Path UID_MAP = SELF.resolve("uid_map");
    private static final String WHOLE_MAP = "0 0 4294967295";

    static Owners trusted() throws IOException {
        int uid =
                Files.exists(SELF)
                                && Files.getAttribute(SELF, FileMode.VIEW + ":uid")
                                        instanceof Integer i
                        ? i
                        : -1;
        boolean unmapped =
                Files.isReadable(UID_MAP)
                        && !Files.readString(UID_MAP)
                                .strip()
                                .replaceAll("\\s+", " ")
                                .equals(WHOLE_MAP);
        return new Owners(uid, System.getProperty("user.name", ""), unmapped);
    }

    boolean include(FileMode file) {
        return file.uid() == 0
                || file.uid() == uid
                || file.owner().equals(name)
                || unmapped && file.uid() == OVERFLOW_UID;
    }
}
