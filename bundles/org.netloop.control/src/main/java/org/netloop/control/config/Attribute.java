package org.netloop.control.config;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * A key that a configuration may have.
 *
 * @param id the key
 * @param type of OSGi's metatypes: {@code String}, {@code Integer}, {@code Boolean} and so on
 * @param several whether it is a list
 * @param required whether it must be there
 * @param min the least number, or length of a text; null if there is none
 * @param max the greatest; null if there is none
 * @param options the only values there are; empty if all are
 * @param description what it means
 */
public record Attribute(
        String id,
        String type,
        boolean several,
        boolean required,
        @Nullable String min,
        @Nullable String max,
        List<String> options,
        String description) {

    /** Returns the error in a value; null if it is valid. */
    @Nullable String refusal(Object value) {
        if (value instanceof List<?> list) {
            if (!several) {
                return "a list, where " + expected() + " is expected";
            }
            return list.stream()
                    .map(this::refusalOfOne)
                    .filter(r -> r != null)
                    .findFirst()
                    .orElse(null);
        }
        return refusalOfOne(value);
    }

    private @Nullable String refusalOfOne(@Nullable Object value) {
        boolean right =
                switch (type) {
                    case "Integer", "Long", "Short", "Byte" ->
                            value instanceof Long number && isWithin(number) && fits(number);
                    case "Double", "Float" ->
                            value instanceof Number number && isWithin(number.doubleValue());
                    case "Boolean" -> value instanceof Boolean;
                    default -> value instanceof String;
                };
        if (!right) {
            return shown(value) + ", where " + expected() + " is expected";
        }
        return options.isEmpty() || options.contains(String.valueOf(value))
                ? null
                : shown(value) + ", where " + expected() + " is expected";
    }

    private static String shown(@Nullable Object value) {
        return value instanceof String ? "\"" + value + "\"" : String.valueOf(value);
    }

    private boolean fits(long number) {
        return switch (type) {
            case "Integer" -> number == (int) number;
            case "Short" -> number == (short) number;
            case "Byte" -> number == (byte) number;
            default -> true;
        };
    }

    private boolean isWithin(double number) {
        return (min == null || number >= Double.parseDouble(min))
                && (max == null || number <= Double.parseDouble(max));
    }

    /** The value that a word of a command line means. */
    Object parse(String word) {
        if (several) {
            return word.isEmpty()
                    ? List.of()
                    : List.of(word.split(",")).stream().map(this::one).toList();
        }
        return one(word);
    }

    private Object one(String word) {
        return switch (type) {
            case "Integer", "Long", "Short", "Byte" ->
                    word.matches("-?\\d{1,18}") ? (Object) Long.valueOf(word) : word;
            case "Boolean" ->
                    word.equals("true") || word.equals("false")
                            ? (Object) Boolean.valueOf(word)
                            : word;
            case "Double", "Float" ->
                    word.matches("-?\\d{1,18}(\\.\\d{1,18})?")
                            ? (Object) Double.valueOf(word)
                            : word;
            default -> word;
        };
    }

    /** Returns which values it takes, in words: {@code a whole number of at least 1}. */
    public String expected() {
        if (!options.isEmpty()) {
            return "one of " + String.join(", ", options);
        }
        String what =
                switch (type) {
                    case "Integer", "Long", "Short", "Byte" -> "a whole number";
                    case "Double", "Float" -> "a number";
                    case "Boolean" -> "true or false";
                    default -> "text";
                };
        String least = min == null ? "" : " of at least " + min;
        String most = max == null ? "" : (min == null ? " of at most " : " and at most ") + max;
        return what + least + most;
    }
}
