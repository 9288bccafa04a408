package org.netloop.control;

import org.jspecify.annotations.Nullable;
import org.netloop.api.message.Printable;
import org.netloop.api.message.Table;
import org.netloop.api.message.Terminal;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** A table in which what there is to say of a row stands below it. Used by one thread. */
final class Listing {
    private static final String INDENT = "    ";

    private final Table table;
    private final List<List<String>> details = new ArrayList<>();

    Listing(String... headers) {
        table = new Table(headers);
    }

    void row(@Nullable Object... cells) {
        table.add(cells);
        details.add(new ArrayList<>());
    }

    /** Returns whether it has no row. */
    boolean isEmpty() {
        return table.isEmpty();
    }

    /** Adds a line about the last row; there is one. */
    void detail(@Nullable Object text) {
        details.getLast().add(Terminal.fit(Printable.lines(String.valueOf(text)), INDENT));
    }

    /** Prints the table; prints nothing if it has no row, and leaves the message to the caller. */
    void print(PrintStream out) {
        if (table.isEmpty()) {
            return;
        }
        List<String> lines = table.lines();
        out.println(lines.getFirst());
        for (int i = 0; i < details.size(); i++) {
            out.println(lines.get(i + 1));
            details.get(i).forEach(out::println);
        }
    }
}
