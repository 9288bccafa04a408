package org.netloop.api.file;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/**
 * Directory whose contents only its owner and root may change: a cache, the state of a deployment,
 * plugins. Stateless; called by many threads at once.
 *
 * <p>A created directory has mode 0700, and so have the missing ones above it, whatever the umask.
 * One that already exists, and all directories above it up to the root, must belong to the user of
 * this process or to root, and must not be writable by others: a user who may write to one of them
 * could replace files. Two exceptions: a directory <em>above</em> may be writable if it is sticky,
 * as {@code /tmp} is, because nobody may rename another user's files there; and a group may write
 * if it has the name of the owner (a user private group, as Debian and Fedora create). Access
 * control lists beyond the mode are ignored. A file system without POSIX modes is not checked.
 */
public final class PrivateDirectory {
    private static final Set<PosixFilePermission> OWNER_ALL =
            Set.copyOf(PosixFilePermissions.fromString("rwx------"));
    private static final Set<PosixFilePermission> OWNER_READ_WRITE =
            Set.copyOf(PosixFilePermissions.fromString("rw-------"));

    private PrivateDirectory() {}

    /** Attribute of a new file that only its owner may read and write (mode 0600). */
    public static FileAttribute<Set<PosixFilePermission>> ownersFile() {
        return PosixFilePermissions.asFileAttribute(OWNER_READ_WRITE);
    }

    /** Attribute of a new directory that only its owner may enter (mode 0700). */
    public static FileAttribute<Set<PosixFilePermission>> ownersDirectory() {
        return PosixFilePermissions.asFileAttribute(OWNER_ALL);
    }

    /**
     * Creates a directory if it does not exist, and checks it.
     *
     * @return its path without symbolic links; use this one from then on, because a user who may
     *     write beside a link may change it
     * @throws IOException if it cannot be created, another kind of file has its name, or others may
     *     write to it or above it: the message says who, and which command corrects it
     */
    public static Path create(Path directory) throws IOException {
        Path absolute = directory.toAbsolutePath();
        if (isPosix(absolute)) {
            try {
                Files.createDirectories(absolute, ownersDirectory());
            } catch (FileAlreadyExistsException e) {
                throw new NotDirectoryException(e.getFile());
            }
        } else {
            Files.createDirectories(absolute);
        }
        Optional<String> weakness = weakness(absolute);
        if (weakness.isPresent()) {
            throw new IOException(weakness.get());
        }
        return absolute.toRealPath();
    }

    /**
     * Returns which other users may change the contents of an existing directory.
     *
     * @return a sentence that ends with the command that corrects it; empty if no other user may
     */
    public static Optional<String> weakness(Path directory) throws IOException {
        if (!isPosix(directory)) {
            return Optional.empty();
        }
        Path real = directory.toRealPath();
        Owners trusted = Owners.trusted();
        for (Path at = real; at != null; at = at.getParent()) {
            Optional<String> weakness = weakness(at, at.equals(real), trusted);
            if (weakness.isPresent()) {
                return weakness;
            }
        }
        return Optional.empty();
    }

    private static Optional<String> weakness(Path directory, boolean itself, Owners trusted)
            throws IOException {
        FileMode mode = FileMode.of(directory, LinkOption.NOFOLLOW_LINKS);
        String others;
        String remedy;
        if (!trusted.include(mode)) {
            others = "it belongs to the user '" + mode.owner() + "'";
            remedy = "use a directory of your own, or chown it";
        } else if (mode.isWritableByOthers() && (itself || !mode.isSticky())) {
            others = "everybody may write to it (" + mode + ")";
            remedy = "chmod go-w " + directory;
        } else if (mode.isWritableByGroup()
                && !mode.hasPrivateGroup()
                && (itself || !mode.isSticky())) {
            others = "the group '" + mode.group() + "' may write to it (" + mode + ")";
            remedy = "chmod g-w " + directory;
        } else {
            return Optional.empty();
        }
        return Optional.of(
                directory
                        + " is not safe from others: "
                        + others
                        + ", and so could put files of their own in place of Netloop's; "
                        + remedy);
    }

    private static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains(FileMode.VIEW);
    }
}
