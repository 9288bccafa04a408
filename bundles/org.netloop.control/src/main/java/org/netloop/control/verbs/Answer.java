package org.netloop.control.verbs;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Copies the answer of a verb, which may be anybody's code: of plain values alone, within bounds.
 * Used by one thread.
 */
final class Answer {
    private static final int DEPTH = 32;
    private static final int CHARACTERS = 16 << 20;

    private int characters;

    private Answer() {}

    /**
     * Copies an answer.
     *
     * @throws IOException if it has other values than texts, numbers, booleans, nulls, lists and
     *     maps, or exceeds its bounds
     */
    static Map<String, ?> copy(@Nullable Map<String, ?> answer) throws IOException {
        if (answer == null) {
            throw new IOException("the answer is null");
        }
        return new Answer().members(answer, 1);
    }

    private Map<String, @Nullable Object> members(Map<?, ?> members, int depth) throws IOException {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        for (Map.Entry<?, ?> member : members.entrySet()) {
            copy.put(text(String.valueOf(member.getKey())), value(member.getValue(), depth));
        }
        return copy;
    }

    private @Nullable Object value(@Nullable Object value, int depth) throws IOException {
        if (depth > DEPTH) {
            throw new IOException("the answer is nested deeper than " + DEPTH + " levels");
        }
        return switch (value) {
            case null -> null;
            case String text -> text(text);
            case Boolean flag -> flag;
            case Long number -> counted(number);
            case Integer number -> counted(number);
            case Double number when Double.isFinite(number) -> counted(number);
            case Map<?, ?> members -> members(members, depth + 1);
            case List<?> several -> {
                List<@Nullable Object> copy = new ArrayList<>();
                for (Object one : several) {
                    copy.add(value(one, depth + 1));
                }
                yield copy;
            }
            default ->
                    throw new IOException(
                            "the answer has a value of "
                                    + value.getClass()
                                    + "; give texts, Long, Integer, finite Double, Boolean, lists"
                                    + " and maps");
        };
    }

    private Object counted(Object number) throws IOException {
        text(number.toString());
        return number;
    }

    private String text(String text) throws IOException {
        // Each value costs something, however short it is.
        characters += text.length() + 1;
        if (characters > CHARACTERS || characters < 0) {
            throw new IOException("the answer has more than " + CHARACTERS + " characters");
        }
        return text;
    }
}
