package org.netloop.launcher.log;

import org.slf4j.event.Level;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The last warnings and errors that were written, for people who ask a running deployment. Bounded
 * in number and length. Thread-safe.
 */
final class RecentLines implements Supplier<List<Map<String, String>>> {
    static final int MOST = 100;

    /** Characters of a message that are kept. */
    static final int LONGEST = 1000;

    private final Deque<Map<String, String>> lines = new ArrayDeque<>();

    void add(String time, Level level, String logger, String message) {
        if (level.toInt() < Level.WARN.toInt()) {
            return;
        }
        Map<String, String> line = new LinkedHashMap<>();
        line.put("time", time);
        line.put("level", level.name());
        line.put("logger", logger);
        line.put(
                "message",
                message.length() <= LONGEST ? message : message.substring(0, LONGEST) + "…");
        synchronized (lines) {
            if (lines.size() == MOST) {
                lines.removeFirst();
            }
            lines.addLast(line);
        }
    }

    /** Returns them, the latest first: each has time, level, logger and message. */
    @Override
    public List<Map<String, String>> get() {
        synchronized (lines) {
            return List.copyOf(lines.reversed());
        }
    }
}
