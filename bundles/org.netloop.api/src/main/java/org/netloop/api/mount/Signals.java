package org.netloop.api.mount;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Signals that wait for a thread of any process, as {@code /proc} shows them. Stateless. */
public final class Signals {
    private static final int HEXADECIMAL = 16;
    private static final long SIGKILL = 1L << 8;

    private Signals() {}

    /**
     * Returns whether a thread has a fatal signal pending, or is gone; false if that cannot be
     * determined.
     *
     * @param thread its number; one of another process namespace, which is 0, is not known to be
     */
    public static boolean isDying(int thread) {
        try {
            // The name of a thread may be of any bytes, also a letter that is cut.
            Path status = Path.of("/proc/" + thread + "/status");
            return Files.readAllLines(status, StandardCharsets.ISO_8859_1).stream()
                    .filter(line -> line.startsWith("SigPnd:") || line.startsWith("ShdPnd:"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .anyMatch(mask -> (Long.parseUnsignedLong(mask, HEXADECIMAL) & SIGKILL) != 0);
        } catch (NoSuchFileException _) {
            return thread > 0;
        } catch (IOException _) {
            // A reader that may live goes on waiting.
            return false;
        }
    }
}
