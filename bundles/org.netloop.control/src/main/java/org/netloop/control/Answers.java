package org.netloop.control;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads and shows what a deployment answered. */
final class Answers {
    private Answers() {}

    /** Prints the message among the members of an answer. */
    static void tell(String member, @Nullable Object value) {
        if (member.equals("message")) {
            System.out.println(value);
        }
    }

    static List<Map<?, ?>> rows(Map<?, ?> answer, String member) {
        return answer.get(member) instanceof List<?> rows
                ? rows.stream()
                        .<Map<?, ?>>map(row -> row instanceof Map<?, ?> m ? m : Map.of())
                        .toList()
                : List.of();
    }

    static Map<?, ?> map(Map<?, ?> of, String member) {
        return of.get(member) instanceof Map<?, ?> map ? map : Map.of();
    }

    /** A text that is a member; empty if it is not there, or says nothing. */
    static Optional<String> told(Map<?, ?> of, String member) {
        return of.get(member) instanceof String text && !text.isEmpty()
                ? Optional.of(text)
                : Optional.empty();
    }

    static Map<String, String> pairs(List<String> words) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String word : words) {
            int equals = word.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("'" + word + "' is not key=value");
            }
            pairs.put(word.substring(0, equals), word.substring(equals + 1));
        }
        return pairs;
    }
}
