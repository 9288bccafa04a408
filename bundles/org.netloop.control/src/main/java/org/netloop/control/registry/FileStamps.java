package org.netloop.control.registry;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Snapshot of the files of a directory: two equal ones have the same files with the same content,
 * owners and modes.
 *
 * @param files by their paths
 * @param access who may do what with the directory and its files, by their paths
 */
public record FileStamps(Map<Path, Stamp> files, Map<Path, String> access) {
    private static final Logger LOG = LoggerFactory.getLogger(FileStamps.class);

    /** Snapshot of a directory that has no files, or does not exist. */
    public static final FileStamps NONE = new FileStamps(Map.of(), Map.of());

    /**
     * Fingerprint of a file that changes when its content does.
     *
     * @param modified when it was written
     * @param length in bytes
     * @param key what the file system tells it from others by
     */
    public record Stamp(FileTime modified, long length, Object key) {}

    /** Copies the maps. */
    public FileStamps {
        files = Map.copyOf(files);
        access = Map.copyOf(access);
    }

    /** Lists the files of a directory. */
    interface Listing {
        DirectoryStream<Path> open() throws IOException;
    }

    /**
     * Looks again; returns this one if a file went meanwhile, or the directory cannot be read: the
     * next look sees more.
     *
     * @param glob which files of the directory
     */
    public FileStamps again(Path directory, String glob) {
        return Files.isDirectory(directory)
                ? again(directory, () -> Files.newDirectoryStream(directory, glob))
                : NONE;
    }

    FileStamps again(Path directory, Listing listing) {
        Map<Path, Stamp> stamps = new HashMap<>();
        Map<Path, String> access = new HashMap<>();
        try (DirectoryStream<Path> found = listing.open()) {
            for (Path file : found) {
                BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
                stamps.put(
                        file,
                        new Stamp(
                                now.lastModifiedTime(),
                                now.size(),
                                Objects.requireNonNullElse(now.fileKey(), "")));
                access.put(file, access(file));
            }
            access.put(directory, access(directory));
            return new FileStamps(stamps, access);
        } catch (IOException | DirectoryIteratorException e) {
            LOG.debug("{} cannot be looked at: {}", directory, e.getMessage());
            return this;
        }
    }

    private static String access(Path file) throws IOException {
        PosixFileAttributeView view =
                Files.getFileAttributeView(file, PosixFileAttributeView.class);
        if (view == null) {
            return "";
        }
        PosixFileAttributes now = view.readAttributes();
        return now.owner() + ":" + now.group() + " " + now.permissions();
    }
}
