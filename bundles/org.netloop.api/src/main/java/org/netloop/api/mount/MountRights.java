package org.netloop.api.mount;

import org.jspecify.annotations.Nullable;
import org.netloop.api.frontend.FrontendUnavailableException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * Checks whether this process may mount by FUSE, and explains why not, before it is tried.
 * Immutable.
 */
public final class MountRights {
    private static final int HEXADECIMAL = 16;
    private static final long SYS_ADMIN = 1L << 21;
    private static final String CONTAINER =
            "a container needs --device /dev/fuse --cap-add SYS_ADMIN";

    private final Path root;
    private final String frontend;
    private final String helper;

    /**
     * Examines the given root: the machine's, or a test's.
     *
     * @param frontend the id of the frontend that is to mount, for messages
     * @param helper the program that mounts for users other than root, in words of libfuse: {@code
     *     fusermount3}
     */
    public MountRights(Path root, String frontend, String helper) {
        this.root = root;
        this.frontend = frontend;
        this.helper = helper;
    }

    /**
     * Does nothing if all is there that a mount needs.
     *
     * @param uid of this process
     * @param others whether other users are to see the mount
     * @throws IOException in words, if something is missing
     */
    public void require(long uid, boolean others) throws IOException {
        Path device = root.resolve("dev/fuse");
        if (!Files.exists(device)) {
            throw notAvailable(
                    "/dev/fuse is missing: load the module (modprobe fuse); " + CONTAINER, null);
        }
        if (!Files.isReadable(device) || !Files.isWritable(device)) {
            throw notAvailable(
                    "this user may not open /dev/fuse: as root, chmod 0666 /dev/fuse or let the user"
                            + " into its group",
                    null);
        }
        if (uid == 0) {
            requireCapability();
        } else {
            requireHelper(others);
        }
    }

    private void requireCapability() throws IOException {
        for (String line : lines("proc/self/status")) {
            if (line.startsWith("CapEff:")) {
                String mask = line.substring(line.indexOf(':') + 1).strip();
                if ((Long.parseUnsignedLong(mask, HEXADECIMAL) & SYS_ADMIN) == 0) {
                    throw notAvailable(
                            "this process may not mount (it lacks CAP_SYS_ADMIN): " + CONTAINER,
                            null);
                }
            }
        }
    }

    private void requireHelper(boolean others) throws IOException {
        if (!Tool.exists(root, helper)) {
            throw notAvailable(
                    helper
                            + " is not installed, which mounts for users other than root (Debian"
                            + " and Ubuntu: package fuse3, Fedora: "
                            + packageOf()
                            + ", Alpine: "
                            + packageOf()
                            + ")",
                    null);
        }
        if (others && configuration().stream().noneMatch("user_allow_other"::equals)) {
            throw new IOException(
                    "other users may see a mount only if /etc/fuse.conf says user_allow_other: add"
                            + " that line as root, or leave the option allow_other away");
        }
    }

    /** Returns the package of the helper where it is not Debian's. */
    private String packageOf() {
        return helper.endsWith("3") ? "fuse3" : "fuse";
    }

    private List<String> configuration() throws IOException {
        try {
            return lines("etc/fuse.conf").stream().map(String::strip).toList();
        } catch (NoSuchFileException _) {
            return List.of();
        }
    }

    /** Others write them, in any encoding; what is looked for is ASCII. */
    private List<String> lines(String file) throws IOException {
        return Files.readAllLines(root.resolve(file), StandardCharsets.ISO_8859_1);
    }

    /** Returns what to look at if the kernel refuses all the same. */
    public static String refused() {
        return CONTAINER
                + ", and AppArmor, SELinux or seccomp may forbid mounts; NBD needs none of it";
    }

    /** Returns a failure that says that the frontend cannot be used here, and why. */
    public IOException notAvailable(String why, @Nullable Throwable cause) {
        return new FrontendUnavailableException(frontend, why, cause);
    }
}
