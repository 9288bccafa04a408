package org.netloop.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A directory for the framework of one process, which nobody else may look into: code is loaded
 * from it. What processes left that were killed is removed by the next one of the same user.
 *
 * @param directory the directory
 */
public record Storage(Path directory) {
    private static final Pattern NAME = Pattern.compile("netloop-(\\d{1,18})-.+");

    /** A new one, below the directory for temporary files. */
    public static Storage make() throws IOException {
        return make(Path.of(System.getProperty("java.io.tmpdir")));
    }

    static Storage make(Path parent) throws IOException {
        String prefix = "netloop-" + ProcessHandle.current().pid() + "-";
        Path made = Files.createTempDirectory(parent, prefix);
        try (DirectoryStream<Path> all = Files.newDirectoryStream(parent, "netloop-*")) {
            for (Path other : all) {
                if (!other.equals(made) && abandoned(other) && sameOwner(other, made)) {
                    new Storage(other).delete();
                }
            }
        }
        return new Storage(made);
    }

    /** In containers, a process has often the number of the one before it. */
    private static boolean abandoned(Path directory) {
        Matcher name = NAME.matcher(directory.getFileName().toString());
        if (!name.matches()) {
            return false;
        }
        long pid = Long.parseLong(name.group(1));
        return pid == ProcessHandle.current().pid() || ProcessHandle.of(pid).isEmpty();
    }

    private static boolean sameOwner(Path one, Path other) {
        try {
            return Files.getOwner(one, LinkOption.NOFOLLOW_LINKS)
                    .equals(Files.getOwner(other, LinkOption.NOFOLLOW_LINKS));
        } catch (IOException _) {
            // Another process removed it meanwhile.
            return false;
        }
    }

    /** Two processes may do it at once: what is gone is gone. */
    public void delete() {
        try (Stream<Path> all = Files.walk(directory)) {
            List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                Files.deleteIfExists(path);
            }
        } catch (IOException | UncheckedIOException e) {
            if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
                System.err.println("netloop: " + directory + " is left behind: " + e);
            }
        }
    }
}
