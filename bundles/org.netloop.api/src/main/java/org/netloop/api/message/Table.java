package org.netloop.api.message;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Rows under headers, for people: columns align, cells are made printable ({@link Printable#line}),
 * and the last column has no blanks behind it. Used by one thread.
 */
public final class Table {
    private static final String BETWEEN = "  ";

    /** Columns with less room are not broken: they would be a word a line. */
    private static final int NARROWEST = 16;

    private final List<String[]> rows = new ArrayList<>();
    private final int columns;

    /** Creates a table of columns with these headers, at least one. */
    public Table(String... headers) {
        columns = headers.length;
        rows.add(headers.clone());
    }

    /**
     * Adds a row at the end.
     *
     * @param cells one a column; null is shown as {@code -}
     * @throws IllegalArgumentException if there are more or fewer cells than columns
     */
    public void add(@Nullable Object... cells) {
        if (cells.length != columns) {
            throw new IllegalArgumentException(
                    cells.length + " cells for a table of " + columns + " columns");
        }
        String[] row = new String[columns];
        Arrays.setAll(row, i -> cells[i] == null ? "-" : Printable.line(String.valueOf(cells[i])));
        rows.add(row);
    }

    /** Returns whether the table has no rows but the headers. */
    public boolean isEmpty() {
        return rows.size() == 1;
    }

    /**
     * Returns the rows, headers first. On a terminal a last column that would not fit is broken
     * between words, so that such a row is of several lines.
     */
    public List<String> lines() {
        return lines(Terminal.width());
    }

    List<String> lines(int width) {
        int[] widths = new int[columns];
        for (String[] row : rows) {
            Arrays.setAll(widths, i -> Math.max(widths[i], width(row[i])));
        }
        return rows.stream().map(row -> line(row, widths, width)).toList();
    }

    private static String line(String[] row, int[] widths, int width) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < row.length; i++) {
            if (i + 1 < row.length) {
                line.append(row[i]).append(" ".repeat(widths[i] - width(row[i]))).append(BETWEEN);
            } else {
                line.append(last(row[i], line.length(), width));
            }
        }
        return line.toString().stripTrailing();
    }

    private static String last(String cell, int start, int width) {
        return start + width(cell) > width && start + NARROWEST <= width
                ? Terminal.wrap(cell, " ".repeat(start), width)
                : cell;
    }

    private static int width(String cell) {
        return cell.codePointCount(0, cell.length());
    }
}
