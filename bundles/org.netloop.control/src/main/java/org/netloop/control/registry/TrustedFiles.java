package org.netloop.control.registry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.Optional;

/**
 * Tells files that another user wrote, or may change: a deployment takes neither code nor
 * configuration from them. Of directories {@link org.netloop.api.file.PrivateDirectory} tells it.
 */
public final class TrustedFiles {
    private static final Path SELF = Path.of("/proc/self");

    private TrustedFiles() {}

    /**
     * Returns the reason not to trust a file, with what to do; empty if it belongs to the user of
     * this process or to root, and no other user may write to it.
     */
    public static Optional<String> weakness(Path file) throws IOException {
        PosixFileAttributeView view =
                Files.getFileAttributeView(file, PosixFileAttributeView.class);
        if (view == null) {
            return Optional.empty();
        }
        PosixFileAttributes attributes = view.readAttributes();
        if (!isOurs(file, attributes.owner())) {
            return Optional.of(
                    file
                            + " belongs to the user '"
                            + attributes.owner().getName()
                            + "', and so is not trusted; chown it to the user of the deployment,"
                            + " or remove it");
        }
        boolean othersWrite = attributes.permissions().contains(PosixFilePermission.OTHERS_WRITE);
        boolean groupWrites =
                attributes.permissions().contains(PosixFilePermission.GROUP_WRITE)
                        && !attributes.group().getName().equals(attributes.owner().getName());
        return othersWrite || groupWrites
                ? Optional.of(
                        file
                                + " may be written by "
                                + (othersWrite ? "everybody" : "the group " + attributes.group())
                                + ", and so is not trusted; chmod go-w "
                                + file)
                : Optional.empty();
    }

    /** Returns whether a file or socket belongs to the user of this process or to root. */
    public static boolean isOurs(Path file) throws IOException {
        return isOurs(file, Files.getOwner(file, LinkOption.NOFOLLOW_LINKS));
    }

    private static boolean isOurs(Path file, UserPrincipal owner) throws IOException {
        return Integer.valueOf(0).equals(Files.getAttribute(file, "unix:uid"))
                || !Files.exists(SELF)
                || owner.equals(Files.getOwner(SELF));
    }
}
