package org.netloop.frontend.fuse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Programs of the system that mount and unmount. */
final class Tool {
    private static final List<String> DIRECTORIES =
            List.of("/usr/bin", "/bin", "/usr/sbin", "/sbin", "/usr/local/bin");
    private static final long ENDS_WITHIN_SECONDS = 30;

    private Tool() {}

    /** What a program printed. */
    static String run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        try {
            byte[] output = process.getInputStream().readAllBytes();
            String text = new String(output, StandardCharsets.UTF_8).strip();
            if (!process.waitFor(ENDS_WITHIN_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(String.join(" ", command) + " does not end");
            }
            if (process.exitValue() != 0) {
                throw new IOException(String.join(" ", command) + ": " + text);
            }
            return text;
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException(String.join(" ", command) + " was interrupted", e);
        }
    }

    /** Whether the system has a program. */
    static boolean exists(String name) {
        return DIRECTORIES.stream()
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, name)));
    }

    /** Unmounts a FUSE mount, as whoever this is. */
    static void unmountFuse(Path directory, boolean lazily) throws IOException {
        boolean root = "root".equals(System.getProperty("user.name"));
        String program = root ? "umount" : exists("fusermount3") ? "fusermount3" : "fusermount";
        if (root) {
            run(
                    lazily
                            ? new String[] {program, "-l", directory.toString()}
                            : new String[] {program, directory.toString()});
        } else {
            run(
                    lazily
                            ? new String[] {program, "-u", "-z", directory.toString()}
                            : new String[] {program, "-u", directory.toString()});
        }
    }
}
