package org.netloop.api.mount;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Programs of the system that mount and unmount; what they print is short and in English. */
public final class Tool {
    private static final List<String> DIRECTORIES =
            List.of("usr/bin", "bin", "usr/sbin", "sbin", "usr/local/bin", "usr/local/sbin");
    private static final long ENDS_WITHIN_SECONDS = 60;

    private Tool() {}

    /** Runs a program and returns its standard output. */
    public static String run(String... command) throws IOException {
        return run(List.of(command));
    }

    /** Runs a program and returns its standard output. */
    public static String run(List<String> command) throws IOException {
        String name = command.getFirst();
        Process process = start(command);
        try {
            process.getOutputStream().close();
            // It waits for volumes, and is not waited for longer than a read of them may take.
            if (!process.waitFor(ENDS_WITHIN_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException(
                        name + " did not end within " + ENDS_WITHIN_SECONDS + " s: " + command);
            }
            if (process.exitValue() != 0) {
                throw new IOException(said(process, name));
            }
            return text(process.getInputStream().readAllBytes());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(name + " was interrupted", e);
        } finally {
            process.destroyForcibly();
        }
    }

    private static Process start(List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("LC_ALL", "C");
        try {
            return builder.start();
        } catch (IOException e) {
            throw new IOException(
                    command.getFirst()
                            + " cannot be run: is it installed? It belongs to util-linux (Debian:"
                            + " packages mount and util-linux)",
                    e);
        }
    }

    /** The first line that it complained in, which begins with its name. */
    private static String said(Process process, String name) throws IOException {
        String complaint = text(process.getErrorStream().readAllBytes());
        return complaint
                .lines()
                .filter(line -> !line.isBlank())
                .findFirst()
                .orElse(name + " ended with " + process.exitValue());
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8).strip();
    }

    /**
     * Returns whether a system has a program.
     *
     * @param root the system's root directory
     */
    public static boolean exists(Path root, String name) {
        return paths(root, name).anyMatch(Files::isExecutable);
    }

    /**
     * Returns the path of a program.
     *
     * @param root the system's root directory
     * @throws IOException if it is not installed
     */
    public static Path find(Path root, String name) throws IOException {
        return paths(root, name)
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IOException(name + " is not installed"));
    }

    private static Stream<Path> paths(Path root, String name) {
        return DIRECTORIES.stream().map(directory -> root.resolve(directory).resolve(name));
    }

    /**
     * Unmounts a FUSE mount, as whoever this is.
     *
     * @param lazily also where it is in use: it goes when its last user does
     */
    public static void unmountFuse(Path directory, boolean lazily) throws IOException {
        String place = directory.toString();
        if (Caller.isRoot()) {
            run(lazily ? List.of("umount", "-l", place) : List.of("umount", place));
        } else {
            String program = exists(Path.of("/"), "fusermount3") ? "fusermount3" : "fusermount";
            run(lazily ? List.of(program, "-u", "-z", place) : List.of(program, "-u", place));
        }
    }
}
