package org.netloop.api.systemd;

import org.netloop.api.message.Failures;
import org.netloop.api.message.Printable;
import org.netloop.api.message.Secrets;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Tells the service manager how a command that runs until it is stopped does: sd_notify(3). Does
 * nothing where no manager asked for it ({@code NOTIFY_SOCKET}). Thread-safe.
 */
public final class Readiness {
    private static final String SOCKET = "NOTIFY_SOCKET";
    private static final String WATCHDOG = "WATCHDOG_USEC";
    private static final String WATCHED = "WATCHDOG_PID";
    private static final int LONGEST_STATUS = 500;

    private Readiness() {}

    /**
     * Tells that it is up.
     *
     * @return a sentence for the log that says why it could not be told; empty if all is well
     */
    public static Optional<String> tell() throws InterruptedException {
        return send("READY=1");
    }

    /**
     * Tells that it is alive, and how it is.
     *
     * @param status one line for people, without secrets once it is sent; cut if it is long
     * @return a sentence for the log that says why it could not be told; empty if all is well
     */
    public static Optional<String> alive(String status) {
        String line = Printable.line(Secrets.hide(status));
        String cut = line.length() > LONGEST_STATUS ? line.substring(0, LONGEST_STATUS) : line;
        return send("WATCHDOG=1\nSTATUS=" + cut);
    }

    /** Tells that it is about to end. */
    public static Optional<String> stopping() {
        return send("STOPPING=1");
    }

    /**
     * Tells that another process of the service is its main one from now on.
     *
     * @param process its number
     */
    public static Optional<String> succeeded(long process) {
        return send("MAINPID=" + process);
    }

    /** Returns whether a service manager asked to be told. */
    public static boolean isAsked() {
        return System.getenv(SOCKET) != null;
    }

    /** Returns the time after which a manager that was not told restarts it; empty if never. */
    public static Optional<Duration> watchdog() {
        return watchdog(System.getenv(), ProcessHandle.current().pid());
    }

    static Optional<Duration> watchdog(Map<String, String> environment, long process) {
        String watched = environment.getOrDefault(WATCHED, String.valueOf(process));
        String micros = environment.getOrDefault(WATCHDOG, "");
        return watched.equals(String.valueOf(process)) && micros.matches("[1-9][0-9]{0,14}")
                ? Optional.of(Duration.ofNanos(1000 * Long.parseLong(micros)))
                : Optional.empty();
    }

    private static Optional<String> send(String message) {
        String socket = System.getenv(SOCKET);
        if (socket == null) {
            return Optional.empty();
        }
        try {
            NotifySocket.send(socket, message, null);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(
                    "the service manager cannot be told, and may wait in vain: "
                            + Failures.sentence(e));
        }
    }
}
