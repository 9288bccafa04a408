package org.netloop.api.message;

import java.io.Console;

/** Reader of standard output: a person or a program. May be asked from any thread. */
public final class Terminal {
    /** The width of help texts, and of terminals since there are any. */
    private static final int USUAL_WIDTH = 80;

    private Terminal() {}

    /** Returns whether a person at a terminal reads the output. */
    public static boolean isThere() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    /**
     * Fits text for people to lines of the terminal.
     *
     * @param indent what each line starts with
     * @return the text with line breaks between words; on one line where a program reads
     */
    public static String fit(String text, String indent) {
        return indent + (isThere() ? wrap(text, indent, USUAL_WIDTH) : text);
    }

    /** Returns the most characters of a line: without limit where a program reads. */
    static int width() {
        return isThere() ? USUAL_WIDTH : Integer.MAX_VALUE;
    }

    /**
     * Breaks text between words. A word that is longer than a line, as a URI is, stays whole.
     *
     * @param indent what stands before the first line already, and before each further one
     */
    static String wrap(String text, String indent, int width) {
        StringBuilder lines = new StringBuilder();
        int used = indent.length();
        for (String word : text.split(" ")) {
            boolean fits = used == indent.length() || used + 1 + word.length() <= width;
            if (!fits) {
                lines.append('\n').append(indent);
                used = indent.length();
            } else if (!lines.isEmpty()) {
                lines.append(' ');
                used++;
            }
            lines.append(word);
            used += word.length();
        }
        return lines.toString();
    }
}
