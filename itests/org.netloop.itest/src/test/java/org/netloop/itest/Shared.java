package org.netloop.itest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The files and directories that several tests use: each is made once in a run, by whichever of its
 * processes needs it first. They lie where the system property {@code netloop.itest.shared} says,
 * which the build empties before each run; without it, in a directory of this process that is
 * removed at its end. Thread-safe, and safe among processes.
 */
final class Shared {
    private static final Path HOME = makeHome();

    private Shared() {}

    /** Makes a file or directory. */
    @FunctionalInterface
    interface Maker {
        /**
         * Makes it.
         *
         * @param place the path to make it at, where nothing is yet
         */
        void make(Path place) throws IOException, InterruptedException;
    }

    private static Path makeHome() {
        String place = System.getProperty("netloop.itest.shared", "");
        try {
            if (!place.isEmpty()) {
                return Files.createDirectories(Path.of(place)).toRealPath();
            }
            Path made = Files.createTempDirectory("netloop-itest-shared");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(made)));
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void remove(Path directory) {
        try {
            new ProcessBuilder("rm", "-rf", directory.toString()).inheritIO().start().waitFor();
        } catch (IOException | InterruptedException e) {
            System.err.println(directory + " is left behind: " + e);
        }
    }

    /** The directory that holds them. */
    static Path home() {
        return HOME;
    }

    /**
     * Returns the file or directory of that name, and makes it first if no process did. It appears
     * under its name when it is whole.
     */
    static synchronized Path once(String name, Maker maker)
            throws IOException, InterruptedException {
        Path made = HOME.resolve(name);
        if (Files.exists(made)) {
            return made;
        }
        try (FileChannel file =
                        FileChannel.open(
                                HOME.resolve(name + ".lock"),
                                StandardOpenOption.CREATE,
                                StandardOpenOption.WRITE);
                FileLock _ = file.lock()) {
            if (!Files.exists(made)) {
                Path part = HOME.resolve(name + ".part");
                maker.make(part);
                Files.move(part, made);
            }
        }
        return made;
    }
}
