package org.netloop.control.standby;

import org.jspecify.annotations.Nullable;
import org.netloop.api.health.Finding;
import org.netloop.api.health.HealthCheck;
import org.netloop.api.health.HealthStatus;
import org.netloop.api.message.Failures;
import org.netloop.api.systemd.PassedDescriptors.Passed;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Keeps a process standing by: one that ends is followed by another one, after a while that doubles
 * as long as none lasts; one that has other sockets open than this process is replaced.
 * Thread-safe.
 *
 * <p>Invariant: there is at most one, and none while this process is paused or closed.
 */
public final class Standby implements AutoCloseable, HealthCheck {
    private static final Logger LOG = LoggerFactory.getLogger(Standby.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    /** Starts processes, and says what they are to have open. */
    public interface Processes {
        /**
         * Returns the descriptors.
         *
         * @throws IOException if a part cannot say it just now
         */
        List<Passed> descriptors() throws IOException;

        /** Returns what a descriptor is to the kernel: another file has another text. */
        String file(int descriptor) throws IOException;

        /**
         * Starts one.
         *
         * @throws IOException if it cannot be started
         */
        One start(List<Passed> descriptors) throws IOException;

        /** Closes what this process had kept open for one that is no more. */
        void forget();

        /** Says that no more are started. */
        void close();
    }

    /** A process that was started. */
    public interface One {
        /** Returns its number. */
        long pid();

        /** Returns whether it has said that it stands by. */
        boolean isStanding();

        /** Returns whether it has ended. */
        boolean isEnded();

        /** Ends it, and returns when it has ended. */
        void end();
    }

    private final Processes processes;
    private final LongSupplier nanoTime;
    private volatile @Nullable ServiceRegistration<?> registration;
    private final Thread thread =
            Thread.ofPlatform().daemon().name("netloop-standby").unstarted(this::follow);

    // Changed under the monitor, which is held while a process starts or ends: only one thread has
    // to do with that at a time.
    private volatile @Nullable One one;
    private volatile String why = "it is being started";

    // Guarded by the monitor.
    private int pauses;
    private boolean closed;
    private Map<String, String> files = Map.of();
    private boolean told;
    private int failures;
    private long since;
    private long notBefore;

    /**
     * Keeps none yet.
     *
     * @param nanoTime as {@link System#nanoTime}
     */
    public Standby(Processes processes, LongSupplier nanoTime) {
        this.processes = processes;
        this.nanoTime = nanoTime;
        this.notBefore = nanoTime.getAsLong();
    }

    /**
     * Begins to keep one, and to tell its health; does nothing once closed. To be called once.
     *
     * @param complete whether all attachments are there: sockets that this process had open while
     *     it stood by, and that nothing is attached at, are of use to nobody then
     */
    public synchronized void begin(BundleContext context, boolean complete) {
        if (closed) {
            return;
        }
        if (complete) {
            processes.forget();
        }
        registration =
                context.registerService(
                        HealthCheck.class,
                        this,
                        FrameworkUtil.asDictionary(Map.of(HealthCheck.NAME, "standby")));
        thread.start();
    }

    private void follow() {
        try {
            while (true) {
                synchronized (this) {
                    if (closed) {
                        return;
                    }
                    look();
                    wait(LOOK_EVERY.toMillis());
                }
            }
        } catch (InterruptedException _) {
            LOG.debug("nothing is kept standing by any more");
        }
    }

    /** Looks once whether there is one, as there is to be. */
    synchronized void look() {
        try {
            if (pauses > 0 || closed || nanoTime.getAsLong() - notBefore < 0) {
                return;
            }
            List<Passed> wanted = processes.descriptors();
            Map<String, String> now = files(wanted);
            One present = one;
            if (present != null && present.isEnded()) {
                drop();
                failed("process " + present.pid() + " has ended");
                return;
            } else if (present != null && !now.equals(files)) {
                LOG.info(
                        "process {} stands by with other sockets than there are now",
                        present.pid());
                drop();
            } else if (present != null) {
                standing(present);
            }
            if (one == null) {
                one = processes.start(wanted);
                files = now;
                told = false;
                since = nanoTime.getAsLong();
            }
        } catch (IOException | RuntimeException e) { // a frontend of others may throw anything
            failed(Failures.sentence(e));
        }
    }

    private Map<String, String> files(List<Passed> descriptors) throws IOException {
        Map<String, String> files = new HashMap<>();
        for (Passed each : descriptors) {
            files.put(each.name(), processes.file(each.number()));
        }
        return files;
    }

    private void standing(One present) {
        if (!told && present.isStanding()) {
            told = true;
            LOG.info("process {} stands by", present.pid());
        }
        if (nanoTime.getAsLong() - since > LONGEST_PAUSE.toNanos()) {
            failures = 0;
        }
    }

    private void failed(String reason) {
        long pause =
                Math.min(
                        LONGEST_PAUSE.toNanos(), SHORTEST_PAUSE.toNanos() << Math.min(failures, 6));
        failures++;
        notBefore = nanoTime.getAsLong() + pause;
        why = reason;
        LOG.warn(
                "no process stands by, and one is started in {} s: {}",
                Duration.ofNanos(pause).toSeconds(),
                reason);
    }

    /** Ends it. Its sockets are closed here only then: until it is gone they stay the same. */
    private void drop() {
        One present = one;
        one = null;
        if (present != null) {
            present.end();
        }
        processes.forget();
    }

    /** A time without a process that stands by, which ends when it is closed. */
    public interface Pause extends AutoCloseable {
        @Override
        void close();
    }

    /** Ends the one there is, and keeps none until the pause is closed. */
    public synchronized Pause pause() {
        pauses++;
        why = "another process is to take over";
        drop();
        return this::resume;
    }

    private synchronized void resume() {
        pauses--;
        notifyAll();
    }

    @Override
    public List<Finding> check() {
        One present = one;
        if (present != null && !present.isEnded() && present.isStanding()) {
            return List.of();
        }
        return List.of(
                new Finding(
                        HealthStatus.WARN,
                        "standby",
                        "no process stands by: " + (present == null ? why : "it is being started"),
                        "the log says more"));
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            drop();
        }
        thread.interrupt();
        ServiceRegistration<?> health = registration;
        if (health != null) {
            health.unregister();
        }
        processes.close();
    }
}
