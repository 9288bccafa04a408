package org.netloop.control.map;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Text of a map: a line with one character a cell, and what the characters mean. Immutable. */
public final class MapText {
    /** A place of blocks, as it is printed. */
    private enum Mark {
        UNKNOWN('?', "not known yet"),
        HOLE('.', "holes"),
        REMOTE('-', "on mirrors"),
        FETCHING('>', "being fetched"),
        CACHED('+', "cached on disk"),
        MEMORY('#', "in memory"),
        OVERLAID('o', "overlaid"),
        FORESEEN('p', "in the profile");

        private final char character;
        private final String meaning;

        Mark(char character, String meaning) {
            this.character = character;
            this.meaning = meaning;
        }
    }

    private static final int WHOLE = 1000;

    private final List<List<Long>> cells = new ArrayList<>();

    /**
     * Reads the answer of a deployment.
     *
     * @throws IllegalArgumentException if it is not a map
     */
    public MapText(Map<String, Object> answer) {
        if (answer.get("cells") instanceof List<?> given) {
            given.forEach(cell -> cells.add(numbers(cell)));
        }
    }

    private static List<Long> numbers(Object cell) {
        if (cell instanceof List<?> given && given.size() == Mark.values().length + 1) {
            return given.stream().map(each -> Long.valueOf(each.toString())).toList();
        }
        throw new IllegalArgumentException("the deployment answers with another form of map");
    }

    private static long share(List<Long> cell, Mark mark) {
        return cell.get(mark.ordinal() + 1);
    }

    /** Returns one character a cell: the most frequent place, but what is being fetched first. */
    public String line() {
        StringBuilder line = new StringBuilder();
        cells.forEach(cell -> line.append(mark(cell).character));
        return line.toString();
    }

    private static Mark mark(List<Long> cell) {
        if (share(cell, Mark.FETCHING) > 0) {
            return Mark.FETCHING;
        }
        Mark most = Mark.UNKNOWN;
        for (Mark mark : Mark.values()) {
            if (mark != Mark.FORESEEN && share(cell, mark) > share(cell, most)) {
                most = mark;
            }
        }
        boolean expected = most == Mark.REMOTE && 2 * share(cell, Mark.FORESEEN) >= WHOLE;
        return expected ? Mark.FORESEEN : most;
    }

    /** Returns the meaning of each character, with its share of the range in per cent. */
    public String legend() {
        List<String> parts = new ArrayList<>();
        for (Mark mark : Mark.values()) {
            double share = cells.stream().mapToLong(cell -> share(cell, mark)).average().orElse(0);
            parts.add(
                    String.format(
                            Locale.ROOT,
                            "%c %s %.1f %%",
                            mark.character,
                            mark.meaning,
                            share * 100 / WHOLE));
        }
        return String.join(", ", parts);
    }
}
