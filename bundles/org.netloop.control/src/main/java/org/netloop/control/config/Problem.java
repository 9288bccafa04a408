package org.netloop.control.config;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Error in a configuration.
 *
 * @param file where
 * @param line from 1
 * @param where the PID, or PID and key; empty if it is about the file
 * @param what what is wrong, and what would be right
 * @param mayPass whether it is right once something is installed that may yet come
 */
public record Problem(Path file, int line, String where, String what, boolean mayPass) {

    /** One that only another configuration mends. */
    Problem(Path file, int line, String where, String what) {
        this(file, line, where, what, false);
    }

    /** The same, which what may yet be installed mends. */
    Problem passing() {
        return new Problem(file, line, where, what, true);
    }

    /** All of them, one a line. */
    public static String tell(List<Problem> problems) {
        return problems.stream().map(Problem::toString).collect(Collectors.joining("\n"));
    }

    @Override
    public String toString() {
        return file + ":" + line + ": " + (where.isEmpty() ? "" : where + ": ") + what;
    }
}
