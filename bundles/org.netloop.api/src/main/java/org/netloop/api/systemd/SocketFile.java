package org.netloop.api.systemd;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * The file of a unix socket as it is now, to be told from another one that takes its place later.
 * Immutable.
 */
public final class SocketFile {
    private final Path path;
    private final Object identity;

    private SocketFile(Path path, Object identity) {
        this.path = path;
        this.identity = identity;
    }

    /**
     * Looks at a file; a symbolic link is not followed.
     *
     * @throws IOException if there is none
     */
    public static SocketFile at(Path path) throws IOException {
        return new SocketFile(path, identity(path));
    }

    /**
     * Returns whether a process accepts connections at a socket. One that was killed leaves a
     * socket at which nobody does.
     */
    public static boolean isServed(Path path) {
        try (SocketChannel _ = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    /** Returns the same file under another name, which is linked to it. */
    public SocketFile named(Path other) {
        return new SocketFile(other, identity);
    }

    /**
     * Removes the file, unless another one has taken its place.
     *
     * @return whether it is gone by now
     */
    public boolean remove() throws IOException {
        try {
            if (!identity.equals(identity(path))) {
                return false;
            }
            Files.deleteIfExists(path);
        } catch (NoSuchFileException _) {
            // Somebody else has removed it.
        }
        return true;
    }

    /** A number of a file is used again once the file is gone; its time of creation is not. */
    private static Object identity(Path path) throws IOException {
        BasicFileAttributes now =
                Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        return now.fileKey() + " " + now.creationTime();
    }
}
