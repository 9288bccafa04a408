package org.netloop.api.message;

import org.jspecify.annotations.Nullable;

import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Sentences about files, whose exceptions have a path for a message. */
final class FileFailures {
    /** Explanations of the C library's error messages about files. */
    private static final Map<String, String> REASONS =
            Map.ofEntries(
                    Map.entry("No space left on device", "the file system is full"),
                    Map.entry("Disk quota exceeded", "the disk quota is used up"),
                    Map.entry("Read-only file system", "the file system is mounted read-only"),
                    Map.entry("Permission denied", "permission denied"),
                    Map.entry("Operation not permitted", "the system does not permit it"),
                    Map.entry("Is a directory", "it is a directory, and a file is needed"),
                    Map.entry("Not a directory", "a part of the path is not a directory"),
                    Map.entry("No such file or directory", "it does not exist"),
                    Map.entry("File name too long", "the name is too long"),
                    Map.entry(
                            "Too many open files",
                            "the process has too many open files: raise its limit (ulimit -n)"),
                    Map.entry(
                            "Too many levels of symbolic links",
                            "its symbolic links lead in a circle"),
                    Map.entry(
                            "Too many levels of symbolic links or unable to access attributes of"
                                    + " symbolic link",
                            "its symbolic links lead in a circle"),
                    Map.entry(
                            "No such device or address",
                            "it is a socket, or a device that is not there"),
                    Map.entry("Input/output error", "the device reports an input/output error"),
                    Map.entry("Text file busy", "it is a program that is running"),
                    Map.entry("Device or resource busy", "it is in use"),
                    Map.entry(
                            "File too large",
                            "it is larger than the file system, or the limit of the process (ulimit"
                                    + " -f), allows"),
                    Map.entry("Stale file handle", "the file server has removed it"),
                    Map.entry(
                            "Transport endpoint is not connected",
                            "a mount there has lost its process: unmount it (umount -l)"),
                    Map.entry(
                            "Broken pipe",
                            "the program that was to read it has ended (closed pipe)"),
                    Map.entry("Bad file descriptor", "it is closed"));

    private FileFailures() {}

    static String sentence(FileSystemException failure) {
        String file = failure.getFile() == null ? "a file" : quoted(failure.getFile());
        return switch (failure) {
            case NoSuchFileException _ -> file + " does not exist";
            case AccessDeniedException _ ->
                    file + " cannot be accessed: permission denied for this user";
            case NotDirectoryException _ -> file + " is not a directory";
            case FileAlreadyExistsException _ -> file + " exists already";
            case DirectoryNotEmptyException _ -> "directory " + file + " is not empty";
            case FileSystemLoopException _ -> file + " has symbolic links that lead in a circle";
            case NotLinkException _ -> file + " is not a symbolic link";
            case AtomicMoveNotSupportedException e ->
                    file + " cannot be renamed to " + e.getOtherFile() + ": other file system";
            default ->
                    obstacle(failure)
                            .orElseGet(
                                    () ->
                                            file
                                                    + between(failure.getOtherFile())
                                                    + ": "
                                                    + reason(failure.getReason()));
        };
    }

    /**
     * Names the part of a path that is a file or a circle of links where a directory is needed: the
     * whole path may be one that nobody has written, such as that of an object in a repository.
     */
    private static Optional<String> obstacle(FileSystemException failure) {
        String reason = failure.getReason();
        if (failure.getFile() == null
                || failure.getFile().indexOf('\0') >= 0
                || !("Not a directory".equals(reason)
                        || (reason != null && reason.startsWith("Too many levels")))) {
            return Optional.empty();
        }
        Path part = Path.of(failure.getFile()).getParent();
        for (; part != null; part = part.getParent()) {
            if (Files.exists(part, LinkOption.NOFOLLOW_LINKS)) {
                return Files.isDirectory(part)
                        ? Optional.empty()
                        : Optional.of(quoted(part.toString()) + " is not a directory");
            }
        }
        return Optional.empty();
    }

    static String sentence(InvalidPathException failure) {
        String reason = failure.getReason();
        if (reason.startsWith("Malformed input")) {
            return "the name "
                    + quoted(failure.getInput())
                    + " has letters that this locale has not: set LC_ALL=C.UTF-8";
        }
        return quoted(failure.getInput())
                + " cannot be the name of a file: "
                + (reason.startsWith("Nul ") ? "it has a zero character" : reason);
    }

    /** Returns a message of the C library in words; any other as it is. */
    static String explained(String message) {
        String text = message.strip();
        String known = REASONS.get(text);
        if (known != null) {
            return known;
        }
        int colon = text.lastIndexOf(": ");
        String end = colon < 0 ? null : REASONS.get(text.substring(colon + 2));
        return end == null ? text : text.substring(0, colon + 2) + end;
    }

    private static String reason(@Nullable String reason) {
        return reason == null || reason.isBlank() ? "it cannot be used" : explained(reason);
    }

    private static String between(@Nullable String other) {
        return other == null ? "" : " and " + quoted(other);
    }

    /** Quotes a name with spaces or without letters, which would run into the sentence. */
    private static String quoted(String name) {
        return name.isBlank() || name.indexOf(' ') >= 0 ? "'" + name + "'" : name;
    }
}
