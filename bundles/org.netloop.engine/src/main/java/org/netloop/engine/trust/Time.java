package org.netloop.engine.trust;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/**
 * Time that signatures are held against: it never goes back, whatever the clock of this host does,
 * also over a restart. Thread-safe.
 *
 * @param seen remembers the latest time
 * @param clock of this host
 */
public record Time(LastSeen seen, InstantSource clock) {
    private static final Logger LOG = LoggerFactory.getLogger(Time.class);

    /** A note so much behind is written anew; less is not worth a write. */
    private static final Duration PRECISION = Duration.ofMinutes(1);

    private static final Duration NOTABLE = Duration.ofMinutes(10);

    /** The time of the clock, or the latest that was noted, whichever is later. */
    Instant now() {
        Instant clocked = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Instant noted = seen.latestTime();
        if (!clocked.isBefore(noted)) {
            return clocked;
        }
        if (Duration.between(clocked, noted).compareTo(NOTABLE) > 0) {
            LOG.warn(
                    "the clock of this host says {}, but it said {} before: signatures are held"
                            + " against the later one. If that one was wrong, delete {}",
                    clocked,
                    noted,
                    seen.placeOfTime());
        }
        return noted;
    }

    /** Notes what the time is: called when something was believed at that time. */
    void note() {
        Instant now = now();
        if (Duration.between(seen.latestTime(), now).compareTo(PRECISION) > 0) {
            seen.acceptTime(now);
        }
    }
}
