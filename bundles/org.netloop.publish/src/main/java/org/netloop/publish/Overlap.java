package org.netloop.publish;

import org.netloop.api.file.FileTarget;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Refuses an image that publishing would write to while it reads it: the file to be written itself,
 * under whatever name, or a block device or loop file whose file system the repository lies on.
 * Stateless.
 */
final class Overlap {
    private static final String UNIX = "unix";
    private static final Path DEVICES = Path.of("/sys/dev/block");

    private Overlap() {}

    /**
     * Looks at an image that is there.
     *
     * @throws IOException if the repository is the image, or lies in it
     */
    static void refuse(Path image, URI repository) throws IOException {
        Optional<Path> target = file(repository);
        if (target.isEmpty() || !Files.exists(image)) {
            return;
        }
        if (FileTarget.isSame(image, target.get())) {
            throw new IOException(
                    image
                            + " is the image to be read and the file to be written; name another one");
        }
        if (liesIn(existing(target.get()), image)) {
            throw new IOException(
                    target.get()
                            + " lies in the image "
                            + image
                            + " itself, which would change while it is read; name a repository"
                            + " elsewhere");
        }
    }

    /** The file or directory that a URI names on this machine. */
    private static Optional<Path> file(URI uri) {
        if (!"file".equals(uri.getScheme())) {
            return Optional.empty();
        }
        try {
            return Optional.of(Path.of(uri));
        } catch (IllegalArgumentException | FileSystemNotFoundException _) {
            return Optional.empty(); // the transport says what is wrong with it
        }
    }

    private static Path existing(Path path) {
        Path at = path.toAbsolutePath();
        while (!Files.exists(at) && at.getParent() != null) {
            at = at.getParent();
        }
        return at;
    }

    private static boolean liesIn(Path place, Path image) throws IOException {
        if (!place.getFileSystem().supportedFileAttributeViews().contains(UNIX)) {
            return false;
        }
        long device = number(place, "dev");
        if (!Files.isRegularFile(image)) {
            return number(image, "rdev") == device;
        }
        Path system = DEVICES.resolve(major(device) + ":" + minor(device));
        for (String file : new String[] {"loop/backing_file", "../loop/backing_file"}) {
            Path backing = system.resolve(file);
            if (Files.isReadable(backing) && isNamed(image, Files.readAllBytes(backing))) {
                return true;
            }
        }
        return false;
    }

    /** Loop devices of others may stand on files with names in any encoding. */
    private static boolean isNamed(Path image, byte[] name) throws IOException {
        try {
            String text = new String(name, StandardCharsets.UTF_8).strip();
            return FileTarget.isSame(image, Path.of(text));
        } catch (InvalidPathException _) {
            return false;
        }
    }

    /** Extracts the major number from the C library's {@code dev_t}. */
    private static long major(long device) {
        return device >>> 8 & 0xfff | device >>> 32 & ~0xfffL;
    }

    private static long minor(long device) {
        return device & 0xff | device >>> 12 & 0xffff_ff00L;
    }

    private static long number(Path path, String attribute) throws IOException {
        return Files.getAttribute(path, UNIX + ":" + attribute) instanceof Long value ? value : -1;
    }
}
