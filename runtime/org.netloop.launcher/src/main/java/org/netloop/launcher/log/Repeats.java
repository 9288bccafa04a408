package org.netloop.launcher.log;

import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Keeps a log bounded. Of the lines of one logger, level and template, a period shows each text
 * once and no more than {@value #TEXTS} texts; the others are counted, and the counts are told when
 * the period ends. How much is remembered has a limit too. Used by many threads at once.
 */
final class Repeats {
    static final Duration PERIOD = Duration.ofMinutes(1);

    /** Different lines of one template a period: ten volumes that open are ten lines. */
    static final int TEXTS = 10;

    /** Templates that are told apart; those beyond are one. Those of a program are some hundred. */
    static final int TEMPLATES = 1000;

    private static final Key BEYOND = new Key("log", Level.WARN, "");

    private final LongSupplier nanoTime;
    private final Map<Key, Period> periods = new HashMap<>();

    Repeats(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    private record Key(String logger, Level level, String template) {}

    /** Summary of the suppressed lines. */
    record Summary(String logger, Level level, long count, long seconds, String last) {}

    private static final class Period {
        private final long start;
        private final Set<String> texts = new HashSet<>();
        private long leftOut;
        private String last = "";

        Period(long start) {
            this.start = start;
        }

        boolean admits(String text) {
            if (!texts.contains(text) && texts.size() < TEXTS) {
                texts.add(text);
                return true;
            }
            leftOut++;
            last = text;
            return false;
        }

        long ends() {
            return start + PERIOD.toNanos();
        }
    }

    /** Returns whether a line is to be written. If not, it is counted. */
    synchronized boolean admit(String logger, Level level, String template, String text) {
        long now = nanoTime.getAsLong();
        Key key = new Key(logger, level, template);
        if (periods.size() >= TEMPLATES && !periods.containsKey(key)) {
            periods.values().removeIf(period -> period.leftOut == 0 && now - period.ends() >= 0);
            key = periods.size() >= TEMPLATES ? BEYOND : key;
        }
        Period period = periods.get(key);
        // What an ended one left out is told before it goes, by the one that summarises.
        if (period == null || period.leftOut == 0 && now - period.ends() >= 0) {
            period = new Period(now);
            periods.put(key, period);
        }
        boolean admitted = period.admits(text);
        if (!admitted) {
            notifyAll();
        }
        return admitted;
    }

    /** Returns whether any suppressed lines are not reported yet. */
    synchronized boolean areWaiting() {
        return earliest() != null;
    }

    /** Returns when a period ends that left something out, or when nothing waits. */
    synchronized void awaitEnd() throws InterruptedException {
        for (Period next = earliest(); next != null; next = earliest()) {
            long left = next.ends() - nanoTime.getAsLong();
            if (left <= 0) {
                return;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    private @Nullable Period earliest() {
        Period earliest = null;
        for (Period period : periods.values()) {
            if (period.leftOut > 0 && (earliest == null || period.start - earliest.start < 0)) {
                earliest = period;
            }
        }
        return earliest;
    }

    /** Returns the summaries of the periods that are over; they start again with the next line. */
    synchronized List<Summary> ended() {
        long now = nanoTime.getAsLong();
        return take(now, PERIOD.toNanos());
    }

    /** Returns the summaries of all suppressed lines so far. */
    synchronized List<Summary> all() {
        return take(nanoTime.getAsLong(), Long.MIN_VALUE);
    }

    private List<Summary> take(long now, long age) {
        List<Summary> summaries = new ArrayList<>();
        Iterator<Map.Entry<Key, Period>> each = periods.entrySet().iterator();
        while (each.hasNext()) {
            Map.Entry<Key, Period> entry = each.next();
            Period period = entry.getValue();
            if (period.leftOut > 0 && now - period.start >= age) {
                Key key = entry.getKey();
                long seconds = Math.max(1, Duration.ofNanos(now - period.start).toSeconds());
                summaries.add(
                        new Summary(
                                key.logger(), key.level(), period.leftOut, seconds, period.last));
                each.remove();
            }
        }
        return summaries;
    }
}
