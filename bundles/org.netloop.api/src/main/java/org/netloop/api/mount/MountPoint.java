package org.netloop.api.mount;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** Makes a directory ready to be mounted at, or says why it cannot be. Stateless. */
public final class MountPoint {
    private static final String OURS = "fuse.netloop";

    private MountPoint() {}

    /**
     * Makes the directory if it is missing, and unmounts what a killed Netloop left there.
     *
     * @param notes is told what was unmounted
     * @throws IOException in words: it is a file, in use, not empty, not allowed
     */
    public static void prepare(Path directory, Notes notes) throws IOException {
        Path real = real(directory);
        MountTable.Entry there = MountTable.read().at(real);
        while (there != null && there.isFuse()) {
            clear(there, notes);
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

    /**
     * Returns the path as the kernel names it; for a directory that cannot be examined, as far as
     * possible.
     */
    public static Path real(Path directory) {
        try {
            return directory.toRealPath();
        } catch (IOException _) {
            Path parent = directory.getParent();
            return parent == null ? directory : real(parent).resolve(directory.getFileName());
        }
    }

    private static void clear(MountTable.Entry mounted, Notes notes) throws IOException {
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
        notes.warn(directory + " is a mount whose process is gone: it is unmounted first");
        Tool.unmountFuse(directory, true);
    }

    /**
     * Returns whether the process behind a mount is gone: listing it fails, and not for lack of a
     * right. Its attributes alone say nothing, as the kernel may still know them.
     */
    private static boolean isDead(Path directory) {
        try {
            if (Files.readAttributes(directory, BasicFileAttributes.class).isDirectory()) {
                try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
                    boolean _ = entries.iterator().hasNext();
                }
            }
            return false;
        } catch (AccessDeniedException _) {
            return false;
        } catch (IOException | DirectoryIteratorException _) {
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
