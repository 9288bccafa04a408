package org.netloop.api.systemd;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Descriptors that were open when this process was started, for it to use (sd_listen_fds(3)):
 * sockets that others listen at already, and what a former process of the service had kept. Whoever
 * takes one owns it. Thread-safe.
 */
public final class PassedDescriptors {
    private static final int FIRST = 3;
    private static final int MOST = 4096;
    private static final PassedDescriptors OF_THIS_PROCESS =
            new PassedDescriptors(System.getenv(), ProcessHandle.current().pid());

    /** Descriptors that nobody took yet; guarded by the monitor. */
    private final List<Passed> left = new ArrayList<>();

    /**
     * One of them.
     *
     * @param number by which the kernel knows it
     * @param name as the manager calls it; {@code unknown} if it does not say
     */
    public record Passed(int number, String name) {}

    /** Reads the variables; those that are for another process mean nothing. */
    PassedDescriptors(Map<String, String> environment, long process) {
        String count = environment.getOrDefault("LISTEN_FDS", "");
        boolean isOurs = String.valueOf(process).equals(environment.get("LISTEN_PID"));
        if (!isOurs || !count.matches("[0-9]{1,4}")) {
            return;
        }
        String[] names = environment.getOrDefault("LISTEN_FDNAMES", "").split(":", -1);
        for (int i = 0; i < Math.min(Integer.parseInt(count), MOST); i++) {
            boolean isNamed = i < names.length && !names[i].isEmpty();
            left.add(new Passed(FIRST + i, isNamed ? names[i] : "unknown"));
        }
    }

    /** Returns those of this process. */
    public static PassedDescriptors ofThisProcess() {
        return OF_THIS_PROCESS;
    }

    /** Returns those that nobody has taken, in the order they were passed. */
    synchronized List<Passed> left() {
        return List.copyOf(left);
    }

    /** Adds one that this process keeps for itself, as if it had been passed. */
    synchronized void add(Passed one) {
        left.add(one);
    }

    /**
     * Takes the first that fits and that nobody has taken.
     *
     * @param fits quick, as others wait
     */
    public synchronized Optional<Passed> take(Predicate<Passed> fits) {
        for (Iterator<Passed> all = left.iterator(); all.hasNext(); ) {
            Passed passed = all.next();
            if (fits.test(passed)) {
                all.remove();
                return Optional.of(passed);
            }
        }
        return Optional.empty();
    }
}
