package org.netloop.api.message;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sentences about JSON that cannot be read. Nothing of the parser's messages is shown but single
 * characters, names of members, numbers and places: they name its own classes, methods and
 * settings, and quote the text, which may hold secrets. A message of no known form becomes {@link
 * #UNKNOWN}. The parser (Jackson) is recognised by its name, as each bundle has a copy of it and
 * its types are not known here.
 */
final class JsonFailures {
    static final String UNKNOWN = "it is not valid JSON";

    private static final String PARSERS_BASE_CLASS = "JacksonException";
    private static final int LONGEST_NAME = 64;

    private static final Pattern PLACE =
            Pattern.compile("\\[Source: [^\\]]*line: (\\d+)(?:, column: (\\d+))?\\]");
    private static final Pattern END = Pattern.compile("\\s+at " + PLACE.pattern() + "$");
    private static final Pattern CHARACTER =
            Pattern.compile(
                    "\\(?(?:('.{1,2}') \\(code \\d+(?: / 0x[0-9a-f]+)?\\)"
                            + "|\\(CTRL-CHAR, code (\\d+)\\))\\)?",
                    Pattern.DOTALL);
    private static final Pattern LIMIT =
            Pattern.compile("(.*) \\((\\d+)\\) exceeds the maximum allowed \\((\\d+), from .*");
    private static final Pattern TWICE =
            Pattern.compile("Duplicate (?:field|key \\(key) '(.*)'\\)?", Pattern.DOTALL);

    /** A form of message and what it means; {@code $1} is its first group. */
    private record Form(Pattern pattern, String meaning) {}

    private static final List<Form> FORMS =
            List.of(
                    form("Unexpected character .*comment.*", "comments are not allowed"),
                    form("Unexpected character .* plus signs.*", "a number has a plus sign"),
                    form(
                            "Unexpected character (.+) in numeric value: .*",
                            "a digit was expected, not $1"),
                    form(
                            "Unexpected character (.+): was expecting a colon .*",
                            "a colon was expected after the name, not $1"),
                    form(
                            "Unexpected character (.+): was expecting comma to separate Array.*",
                            "a comma or the end of the array was expected, not $1"),
                    form(
                            "Unexpected character (.+): was expecting comma to separate Object.*",
                            "a comma or the end of the object was expected, not $1"),
                    form(
                            "Unexpected character (.+): was expecting double-quote .*",
                            "a name in double quotes was expected, not $1"),
                    form(
                            "Unexpected character (.+): expected a hex-digit .*",
                            "a hexadecimal digit was expected, not $1"),
                    form(
                            "Unexpected character (.+): expected a (?:valid )?value.*",
                            "a value was expected, not $1"),
                    form("Unexpected character (.+): .*", "$1 is not expected here"),
                    form(
                            "Illegal unquoted character (.+): has to be escaped .*",
                            "$1 has to be escaped within text"),
                    form("Illegal character (.+): .*", "$1 is not allowed here"),
                    form(
                            "Unrecognized character escape (.+)",
                            "$1 is not allowed after a backslash"),
                    form(
                            "(?:Unrecognized|Non-standard) token .*",
                            "a value was expected; text needs double quotes"),
                    form("Invalid UTF-8 .*", "it is not text in UTF-8"),
                    form("Invalid numeric value: Leading zero.*", "a number has leading zeros"),
                    form("Numeric value .* out of range .*", "a number is too large"),
                    form(
                            "Unexpected close marker ('.'): expected ('.') \\(for (\\w+) .*",
                            "$2 was expected, not $1"),
                    form("Unexpected close marker ('.'): no open .*", "$1 closes nothing"),
                    form("Unexpected end-of-input.*", "it ends too early"),
                    form("No content to map.*", "it is empty"),
                    form("Can not read a Map: .*", "an object was expected"));

    private JsonFailures() {}

    private static Form form(String pattern, String meaning) {
        return new Form(Pattern.compile(pattern, Pattern.DOTALL), meaning);
    }

    /** Null if it is not a failure of the parser. */
    static @Nullable String sentence(Throwable failure) {
        String message = Failures.text(failure);
        Matcher end = END.matcher(message);
        boolean hasPlace = end.find();
        String told = hasPlace ? message.substring(0, end.start()) : message;
        if (!hasPlace && !isOfParser(failure) && !LIMIT.matcher(message).matches()) {
            return null;
        }
        return "JSON error" + (hasPlace ? " in " + place(end) : "") + ": " + reason(told);
    }

    private static boolean isOfParser(Throwable failure) {
        for (Class<?> type = failure.getClass(); type != null; type = type.getSuperclass()) {
            if (type.getSimpleName().equals(PARSERS_BASE_CLASS)) {
                return true;
            }
        }
        return false;
    }

    private static String place(MatchResult matched) {
        String column = matched.group(2);
        return "line " + matched.group(1) + (column == null ? "" : ", column " + column);
    }

    private static String reason(String message) {
        Matcher limit = LIMIT.matcher(message);
        if (limit.matches()) {
            String what = limit.group(1).toLowerCase(Locale.ROOT);
            return "the %s is %s, and may be at most %s"
                    .formatted(what, limit.group(2), limit.group(3));
        }
        Matcher twice = TWICE.matcher(message);
        if (twice.matches()) {
            return "the name '" + shortened(twice.group(1)) + "' is there twice";
        }
        String text =
                CHARACTER
                        .matcher(message)
                        .replaceAll(found -> Matcher.quoteReplacement(character(found)));
        for (Form form : FORMS) {
            Matcher matcher = form.pattern().matcher(text);
            if (matcher.matches()) {
                return matcher.replaceAll(form.meaning()) + opened(message);
            }
        }
        return UNKNOWN;
    }

    private static String character(MatchResult found) {
        return found.group(2) == null
                ? found.group(1)
                : "control character U+%04X".formatted(Integer.parseInt(found.group(2)));
    }

    private static String opened(String message) {
        Matcher start = PLACE.matcher(message);
        return start.find() ? ", opened in " + place(start) : "";
    }

    private static String shortened(String name) {
        return name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME) + "…";
    }
}
