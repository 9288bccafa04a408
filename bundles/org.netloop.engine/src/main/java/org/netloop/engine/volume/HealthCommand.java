package org.netloop.engine.volume;

import org.netloop.api.block.Digest;
import org.netloop.api.message.Printable;
import org.netloop.api.message.Secrets;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Program that says whether an image is good: it ends with 0. Run without a shell, and without this
 * process's credentials and its variables of systemd; what it prints is bounded and escaped.
 * Immutable.
 *
 * @param command the program, by its absolute path, and its arguments; empty if there is none
 * @param within how long after a switch it may take until it has ended with 0
 */
record HealthCommand(List<String> command, Duration within) {
    private static final int LONGEST_OUTPUT = 500;

    /** Variables of the protocols of systemd (sd_notify(3), sd_listen_fds(3)), and of AWS. */
    private static final Pattern OWN =
            Pattern.compile("NOTIFY_SOCKET|FDSTORE|(?:WATCHDOG|LISTEN|AWS)_.*");

    /** Checks the path. */
    HealthCommand {
        command = List.copyOf(command);
        if (!command.isEmpty() && !command.getFirst().startsWith("/")) {
            throw new IllegalArgumentException(
                    "health.command is '"
                            + Printable.line(command.getFirst())
                            + "', not the absolute path of a program");
        }
    }

    /** Returns whether there is one. */
    boolean isThere() {
        return !command.isEmpty();
    }

    /**
     * Runs it once, and kills it if it takes too long.
     *
     * @return what was wrong; empty if it ended with 0
     */
    Optional<String> run(String volume, Digest image, Duration limit) throws InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        withhold(builder.environment());
        builder.environment().put("NETLOOP_VOLUME", volume);
        builder.environment().put("NETLOOP_IMAGE", image.toString());
        Process process;
        try {
            process = builder.start();
            process.getOutputStream().close();
        } catch (IOException e) {
            return Optional.of(Printable.line("it cannot be run: " + e.getMessage()));
        }
        Output output = new Output(process.getInputStream());
        // Not a virtual one: what it left running may hold the pipe, and a read there a carrier.
        Thread reader = Thread.ofPlatform().daemon().name("health-" + volume).start(output);
        try {
            if (!process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS)) {
                return Optional.of("it did not end in time" + output.said());
            }
            // Who is left of its children may hold the other end open.
            boolean _ = reader.join(Duration.ofSeconds(1));
            return process.exitValue() == 0
                    ? Optional.empty()
                    : Optional.of("it ended with " + process.exitValue() + output.said());
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    /** Takes out what is meant for this process alone: descriptors, its watchdog, credentials. */
    static void withhold(Map<String, String> environment) {
        environment
                .keySet()
                .removeIf(name -> OWN.matcher(name).matches() || Secrets.isSecret(name));
    }

    /** Begin of what a process prints; the rest is read and dropped, so that it can go on. */
    private static final class Output implements Runnable {
        private final InputStream from;
        private final byte[] kept = new byte[LONGEST_OUTPUT];
        private volatile int length;

        Output(InputStream from) {
            this.from = from;
        }

        @Override
        public void run() {
            byte[] buffer = new byte[4096];
            try {
                for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
                    int more = Math.min(count, kept.length - length);
                    System.arraycopy(buffer, 0, kept, length, more);
                    length += more;
                }
            } catch (IOException _) {
                // It was killed; what it said until then counts.
            }
        }

        String said() {
            String text = new String(kept, 0, length, StandardCharsets.UTF_8).strip();
            return text.isEmpty() ? "" : ": " + Printable.line(text);
        }
    }
}
