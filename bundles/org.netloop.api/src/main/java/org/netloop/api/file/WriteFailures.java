package org.netloop.api.file;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Says of a failed write which file it was and which disk is full: the kernel's message has
 * neither. Stateless.
 */
public final class WriteFailures {
    private static final long MEBI = 1 << 20;

    private WriteFailures() {}

    /**
     * The failure with the name of its file, and the file system and its free space where it is
     * full.
     *
     * @param file what was written; may be deleted by now
     * @return the failure itself if it is about no file (a closed channel, an interruption) or says
     *     which one already
     */
    public static IOException of(Path file, IOException failure) {
        if (failure instanceof ClosedChannelException || failure instanceof FileSystemException) {
            return failure;
        }
        String reason = String.valueOf(failure.getMessage());
        FileSystemException told =
                new FileSystemException(
                        file.toString(),
                        null,
                        switch (reason) {
                            case "No space left on device" ->
                                    isDevice(file)
                                            ? "the device takes no more bytes"
                                            : "the file system is full" + space(file);
                            case "Disk quota exceeded" -> "the disk quota is used up" + space(file);
                            default -> reason;
                        });
        told.initCause(failure);
        return told;
    }

    /**
     * Returns whether the file is a device: that is what is full then, not the file system of its
     * node.
     */
    private static boolean isDevice(Path file) {
        return Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file);
    }

    private static String space(Path file) {
        try {
            Path there = file.toAbsolutePath();
            while (there.getParent() != null && !Files.exists(there)) {
                there = there.getParent();
            }
            FileStore store = Files.getFileStore(there);
            return String.format(
                    Locale.ROOT,
                    ": %d of %d MiB are free on %s",
                    store.getUsableSpace() / MEBI,
                    store.getTotalSpace() / MEBI,
                    store);
        } catch (IOException _) {
            return ""; // the file system does not even tell: the reason alone is told
        }
    }
}
