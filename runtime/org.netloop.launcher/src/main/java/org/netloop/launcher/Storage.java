package org.netloop.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A directory for the framework of one process. What processes left that were killed is removed by
 * the next one.
 *
 * @param directory the directory
 */
record Storage(Path directory) {
    private static final String PREFIX = "netloop-";

    static Storage make() throws IOException {
        Path parent =
                Path.of(System.getProperty("java.io.tmpdir"))
                        .resolve(PREFIX + System.getProperty("user.name"));
        Files.createDirectories(parent);
        removeStale(parent);
        return new Storage(
                Files.createDirectories(
                        parent.resolve(String.valueOf(ProcessHandle.current().pid()))));
    }

    private static void removeStale(Path parent) throws IOException {
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(parent, "[0-9]*")) {
            for (Path directory : directories) {
                long pid = Long.parseLong(directory.getFileName().toString());
                if (ProcessHandle.of(pid).isEmpty()) {
                    new Storage(directory).delete();
                }
            }
        }
    }

    /** Two processes may do it at once: what is gone is gone. */
    void delete() {
        try (Stream<Path> all = Files.walk(directory)) {
            List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                Files.deleteIfExists(path);
            }
        } catch (IOException | UncheckedIOException e) {
            System.err.println("netloop: " + directory + " is left behind: " + e.getMessage());
        }
    }
}
