package org.netloop.api.message;

import java.util.Locale;

/**
 * Makes text from outside fit for logs and terminals: export names, labels, headers, paths.
 * Characters that control a terminal, that start a new line, or that turn the direction of writing
 * are shown as escapes: {@code \n}, {@code \x1b}, {@code \u202e}. All else stays as it is. May be
 * called from any thread.
 */
public final class Printable {
    private static final int DELETE = 0x7f;
    private static final int LAST_CONTROL = 0x9f;

    private Printable() {}

    /** Returns text for a single line: line breaks and tabs are escaped too. */
    public static String line(String text) {
        return escape(text, false);
    }

    /** Returns text of several lines: line feeds and tabs stay as they are, all else is escaped. */
    public static String lines(String text) {
        return escape(text, true);
    }

    private static String escape(String text, boolean severalLines) {
        int first = 0;
        while (first < text.length() && isHarmless(text, first, severalLines)) {
            first++;
        }
        if (first == text.length()) {
            return text;
        }
        StringBuilder result = new StringBuilder(text.length() + 16).append(text, 0, first);
        for (int i = first; i < text.length(); i++) {
            char c = text.charAt(i);
            result.append(isHarmless(text, i, severalLines) ? String.valueOf(c) : escaped(c));
        }
        return result.toString();
    }

    private static boolean isHarmless(String text, int at, boolean severalLines) {
        char c = text.charAt(at);
        if (c < ' ') {
            return severalLines && (c == '\n' || c == '\t');
        }
        if (c < DELETE) {
            return true;
        }
        if (Character.isSurrogate(c)) {
            return isHalfOfPair(text, at);
        }
        return c > LAST_CONTROL && !turnsDirection(c) && !isLineBreak(c);
    }

    private static boolean isHalfOfPair(String text, int at) {
        return Character.isHighSurrogate(text.charAt(at))
                ? at + 1 < text.length() && Character.isLowSurrogate(text.charAt(at + 1))
                : at > 0 && Character.isHighSurrogate(text.charAt(at - 1));
    }

    /** Marks, embeddings, overrides and isolates of Unicode's bidirectional algorithm (UAX 9). */
    private static boolean turnsDirection(char c) {
        return c == '\u061c'
                || c == '\u200e'
                || c == '\u200f'
                || (c >= '\u202a' && c <= '\u202e')
                || (c >= '\u2066' && c <= '\u2069');
    }

    private static boolean isLineBreak(char c) {
        return c == '\u2028' || c == '\u2029';
    }

    private static String escaped(char c) {
        return switch (c) {
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default -> String.format(Locale.ROOT, c <= 0xff ? "\\x%02x" : "\\u%04x", (int) c);
        };
    }
}
