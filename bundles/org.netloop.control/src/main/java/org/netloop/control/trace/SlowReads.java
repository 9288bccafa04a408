package org.netloop.control.trace;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * The slowest reads of a volume, and the last stages that blocks went through. Both are bounded.
 * Thread-safe.
 */
final class SlowReads {
    private static final int MOST_STEPS = 50_000;

    private final int most;

    // Guarded by the monitor.
    private final PriorityQueue<Read> slowest =
            new PriorityQueue<>(Comparator.comparing(Read::took));
    private final Deque<Step> steps = new ArrayDeque<>();
    private long reads;

    /**
     * @param most how many reads are kept
     */
    SlowReads(int most) {
        this.most = most;
    }

    /**
     * A read that had to wait.
     *
     * @param began when
     * @param took how long
     * @param offset of the first byte that was not in memory
     * @param length in bytes from there on
     * @param blocks {@code POSITION@PATH} of those it waited for, separated by spaces
     * @param good whether it was answered
     */
    record Read(
            Instant began, Duration took, long offset, long length, String blocks, boolean good) {
        boolean waitsFor(Step step) {
            if (step.began().isAfter(began.plus(took))
                    || step.began().plus(step.took()).isBefore(began)) {
                return false;
            }
            for (String block : blocks.split(" ")) {
                int at = block.indexOf('@');
                if (at > 0
                        && block.substring(at + 1).equals(step.path())
                        && step.holds(Long.parseLong(block.substring(0, at)))) {
                    return true;
                }
            }
            return false;
        }
    }

    /**
     * A stage that a part of an object went through.
     *
     * @param began when
     * @param took how long
     * @param stage its name
     * @param path of the object
     * @param position of the part
     * @param length of the part; 0 or less for all of the object
     * @param mirror the URI, of an attempt; empty otherwise
     * @param good whether it achieved what it was for
     */
    record Step(
            Instant began,
            Duration took,
            String stage,
            String path,
            long position,
            long length,
            String mirror,
            boolean good) {
        boolean holds(long at) {
            return length <= 0 || at >= position && at - position < length;
        }
    }

    synchronized void add(Read read) {
        reads++;
        slowest.add(read);
        if (slowest.size() > most) {
            slowest.remove();
        }
    }

    synchronized void add(Step step) {
        steps.add(step);
        if (steps.size() > MOST_STEPS) {
            steps.remove();
        }
    }

    /** Returns the number of reads that had to wait, and the slowest of them with their stages. */
    synchronized Map<String, Object> members() {
        List<Map<String, Object>> rows = new ArrayList<>();
        slowest.stream()
                .sorted(Comparator.comparing(Read::took).reversed())
                .forEach(read -> rows.add(members(read)));
        return Map.of("waited", reads, "reads", rows);
    }

    private Map<String, Object> members(Read read) {
        List<Map<String, Object>> stages = new ArrayList<>();
        steps.stream()
                .filter(read::waitsFor)
                .sorted(Comparator.comparing(Step::began))
                .forEach(step -> stages.add(members(read, step)));
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("at", read.began().toString());
        members.put("micros", micros(read.took()));
        members.put("offset", read.offset());
        members.put("length", read.length());
        members.put("good", read.good());
        members.put("stages", stages);
        return members;
    }

    private static Map<String, Object> members(Read read, Step step) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("after-micros", micros(Duration.between(read.began(), step.began())));
        members.put("micros", micros(step.took()));
        members.put("stage", step.stage());
        members.put("object", step.path());
        members.put("mirror", step.mirror());
        members.put("good", step.good());
        return members;
    }

    private static long micros(Duration time) {
        return time.toNanos() / 1_000;
    }
}
