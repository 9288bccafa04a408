package org.netloop.assembler.boot;

import org.netloop.assembler.AssemblyException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Calls programs of this machine that write parts of boot media, the same bytes each time. */
public final class Programs {
    private static final long MINUTES = 5;

    private final Path log;
    private final Instant time;

    /**
     * Creates one.
     *
     * @param work a directory for what a program says
     * @param time what programs take for the time of all they write
     */
    public Programs(Path work, Instant time) {
        this.log = work.resolve("program.log");
        this.time = time;
    }

    /**
     * Runs a program to its end.
     *
     * @param debian the package of Debian that has it
     * @param command its name and arguments
     * @throws AssemblyException if it is not there, fails or does not end
     */
    public void run(String debian, List<String> command) throws IOException, AssemblyException {
        String name = command.getFirst();
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("SOURCE_DATE_EPOCH", Long.toString(time.getEpochSecond()));
        // FAT knows local times only.
        builder.environment().put("TZ", "UTC");
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new AssemblyException(
                    "the program "
                            + name
                            + " does not run: install it (Debian: apt-get install "
                            + debian
                            + ")",
                    e);
        }
        try {
            if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
                throw new AssemblyException(
                        name + " did not end within " + MINUTES + " minutes: " + said());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssemblyException("interrupted while " + name + " ran", e);
        } finally {
            process.destroyForcibly();
        }
        if (process.exitValue() != 0) {
            throw new AssemblyException(name + " fails: " + said());
        }
    }

    private String said() throws IOException {
        return new String(Files.readAllBytes(log), StandardCharsets.ISO_8859_1).strip();
    }
}
