package org.netloop.launcher.log;

import com.fasterxml.jackson.jr.ob.JSON;

import org.slf4j.event.Level;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Form of the lines of the log. */
public enum LineForm {
    /** {@code time LEVEL Name - message}, then the lines of a stack trace. */
    PLAIN {
        @Override
        String text(String time, Level level, String name, List<String> message) {
            return time + " " + level + " " + name + " - " + String.join("\n", message) + "\n";
        }
    },

    /**
     * The same without the time, each line with its priority before it, as sd-daemon(3) has it: the
     * journal has a time of its own.
     */
    JOURNAL {
        @Override
        String text(String time, Level level, String name, List<String> message) {
            String priority = "<" + priority(level) + ">";
            String lines = String.join("\n" + priority, message);
            return priority + level + " " + name + " - " + lines + "\n";
        }
    },

    /**
     * One JSON object a line, with {@code time}, {@code level}, {@code logger}, {@code message}
     * and, for a defect, {@code trace} as a list of lines.
     */
    JSON_LINES {
        @Override
        String text(String time, Level level, String name, List<String> message) {
            Map<String, Object> members = new LinkedHashMap<>();
            members.put("time", time);
            members.put("level", level.name());
            members.put("logger", name);
            members.put("message", message.getFirst());
            if (message.size() > 1) {
                members.put("trace", message.subList(1, message.size()));
            }
            try {
                return JSON.std.asString(members) + "\n";
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    };

    /**
     * Returns the lines of an event, each with its line break.
     *
     * @param time in ISO 8601
     * @param name of the logger
     * @param message its text, then the lines of its stack trace; all printable
     */
    abstract String text(String time, Level level, String name, List<String> message);

    /** The priority of syslog(3). */
    private static int priority(Level level) {
        return switch (level) {
            case ERROR -> 3;
            case WARN -> 4;
            case INFO -> 6;
            case DEBUG, TRACE -> 7;
        };
    }
}
