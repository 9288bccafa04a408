package org.netloop.api.file;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Resolves a name to its file by following symbolic links. Stateless.
 *
 * <p>A link is followed by the rule of Linux's {@code fs.protected_symlinks}: not in a sticky
 * directory that everyone may write to, such as {@code /tmp}, unless it belongs to the user of this
 * process or to the directory's owner: any other user who planted it would choose the file that is
 * written.
 */
public final class FileTarget {
    private static final int MOST_LINKS = 40;
    private static final String DEVICE = FileMode.VIEW + ":rdev";

    private FileTarget() {}

    /**
     * Follows the links of a name; their target need not exist.
     *
     * @return the path of the file itself, in a directory without links
     * @throws FileSystemException if a link may not be followed, or leads in a circle
     */
    public static Path of(Path name) throws IOException {
        Path at = name.toAbsolutePath();
        for (int links = 0; links <= MOST_LINKS; links++) {
            Path file = at.getFileName();
            Path directory = at.getParent();
            if (file == null || directory == null) {
                return at;
            }
            directory = directory.toRealPath();
            at = directory.resolve(file);
            if (!Files.isSymbolicLink(at)) {
                return Files.exists(at, LinkOption.NOFOLLOW_LINKS) ? at.toRealPath() : at;
            }
            check(at, directory);
            at = directory.resolve(Files.readSymbolicLink(at));
        }
        throw new FileSystemLoopException(name.toString());
    }

    private static void check(Path link, Path directory) throws IOException {
        if (!link.getFileSystem().supportedFileAttributeViews().contains(FileMode.VIEW)) {
            return;
        }
        FileMode above = FileMode.of(directory);
        FileMode mode = FileMode.of(link, LinkOption.NOFOLLOW_LINKS);
        boolean planted =
                above.isSticky()
                        && above.isWritableByOthers()
                        && mode.uid() != above.uid()
                        && !Owners.trusted().include(mode);
        if (planted) {
            throw new FileSystemException(
                    link.toString(),
                    null,
                    "it is a symbolic link that the user '"
                            + mode.owner()
                            + "' made in a directory where everybody may write, and is not followed");
        }
    }

    /**
     * Returns whether two paths name one file, also by hard links, or one block device, also by two
     * nodes; false if either does not exist.
     */
    public static boolean isSame(Path one, Path other) throws IOException {
        return Files.exists(one)
                && Files.exists(other)
                && (Files.isSameFile(one, other) || isSameDevice(one, other));
    }

    private static boolean isSameDevice(Path one, Path other) throws IOException {
        return one.getFileSystem().supportedFileAttributeViews().contains(FileMode.VIEW)
                && FileMode.of(one).isBlockDevice()
                && FileMode.of(other).isBlockDevice()
                && Files.getAttribute(one, DEVICE).equals(Files.getAttribute(other, DEVICE));
    }

    /** Returns the last part of a target's path. */
    static String name(Path target) {
        return Objects.requireNonNull(target.getFileName(), "a file has a name").toString();
    }
}
