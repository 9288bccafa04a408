package org.netloop.frontend.fuse;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** Makes a directory ready to be mounted at, or says why it cannot be. */
final class MountPoint {
    private static final Logger LOG = LoggerFactory.getLogger(MountPoint.class);
    private static final String OURS = "fuse.netloop";

    private MountPoint() {}

    /**
     * Makes the directory if it is missing, and unmounts what a killed Netloop left there.
     *
     * @throws IOException in words: it is a file, in use, not empty, not allowed
     */
    static void prepare(Path directory) throws IOException {
        Path real = real(directory);
        MountTable.Entry there = MountTable.read().at(real);
        while (there != null && there.isFuse()) {
            clear(there);
            there = MountTable.read().at(real);
        }
        make(directory);
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            if (entries.iterator().hasNext()) {
                throw new IOException(
                        directory + " is not empty: choose an empty directory to mount at");
            }
        } catch (AccessDeniedException e) {
            throw new IOException(
                    directory + " may not be read by this user: choose another directory", e);
        } catch (FileSystemException e) {
            throw unusable(directory, e);
        }
    }

    /** As the kernel names it; of what cannot be looked at, as far as it can. */
    private static Path real(Path directory) {
        try {
            return directory.toRealPath();
        } catch (IOException _) {
            Path parent = directory.getParent();
            return parent == null ? directory : real(parent).resolve(directory.getFileName());
        }
    }

    private static void clear(MountTable.Entry mounted) throws IOException {
        Path directory = mounted.place();
        if (!isDead(directory)) {
            throw new IOException(
                    directory
                            + " is in use by another mount ("
                            + mounted.type()
                            + "): unmount that (umount "
                            + directory
                            + ") or choose another directory");
        }
        if (!mounted.type().equals(OURS)) {
            throw new IOException(
                    directory
                            + " is a mount whose process is gone ("
                            + mounted.type()
                            + "): unmount it (umount -l "
                            + directory
                            + ") and try again");
        }
        LOG.warn("{} is a mount whose process is gone: it is unmounted first", directory);
        Tool.unmountFuse(directory, true);
    }

    /** Whether nobody answers for a mount: looking at it fails, and not for want of a right. */
    private static boolean isDead(Path directory) {
        try {
            Files.readAttributes(directory, BasicFileAttributes.class);
            return false;
        } catch (AccessDeniedException _) {
            return false;
        } catch (IOException _) {
            return true;
        }
    }

    private static void make(Path directory) throws IOException {
        try {
            Files.createDirectories(directory);
        } catch (FileAlreadyExistsException e) {
            throw new IOException(directory + " is a file: choose a directory to mount at", e);
        } catch (AccessDeniedException e) {
            throw new IOException(
                    directory + " cannot be made: this user may not write to " + e.getFile(), e);
        } catch (FileSystemException e) {
            throw unusable(directory, e);
        }
    }

    private static IOException unusable(Path directory, FileSystemException why) {
        String reason = why.getReason() == null ? "it cannot be read" : why.getReason();
        return new IOException(directory + " cannot be mounted at: " + reason, why);
    }
}
