package org.netloop.control.trace;

import org.netloop.api.control.ControlRequest;
import org.netloop.api.control.ControlVerb;
import org.netloop.control.config.RefusedException;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;

/** {@code trace}: the slowest reads of a volume within some time. One runs at a time. */
public final class TraceVerb implements ControlVerb {
    /** The verbs it answers. */
    public static final List<String> NAMES = List.of("trace");

    private static final long LONGEST_SECONDS = 300;
    private static final long MOST = 100;

    private final Volumes volumes;
    private final Semaphore one = new Semaphore(1);

    /** The volumes of a deployment. */
    @FunctionalInterface
    public interface Volumes {
        /**
         * Requires that there is one of that name.
         *
         * @throws RefusedException if there is none
         */
        void require(String name) throws RefusedException;
    }

    /** Creates the verb of a deployment with these volumes. */
    public TraceVerb(Volumes volumes) {
        this.volumes = volumes;
    }

    @Override
    public Duration limit() {
        return Duration.ofSeconds(LONGEST_SECONDS + 60);
    }

    @Override
    public Map<String, ?> answer(ControlRequest request) throws IOException, InterruptedException {
        if (!FlightRecorder.isThere()) {
            throw new RefusedException(
                    "the Java of this deployment has no module jdk.jfr, which traces need");
        }
        long seconds = within(request.number("seconds"), LONGEST_SECONDS, "seconds");
        int most = (int) within(request.number("slowest"), MOST, "slowest");
        String volume = request.text("volume");
        volumes.require(volume);
        if (!one.tryAcquire()) {
            throw new RefusedException("another trace runs; ask again when it has ended");
        }
        try {
            return RecordedReads.of(volume, Duration.ofSeconds(seconds), most).members();
        } finally {
            one.release();
        }
    }

    private static long within(long number, long most, String what) throws RefusedException {
        if (number < 1 || number > most) {
            throw new RefusedException(what + " is " + number + ": it has to be from 1 to " + most);
        }
        return number;
    }
}
