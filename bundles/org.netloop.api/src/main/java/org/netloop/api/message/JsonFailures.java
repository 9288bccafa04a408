package org.netloop.api.message;

import org.jspecify.annotations.Nullable;

import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sentences about JSON that cannot be read. They are made of the messages of the parser (Jackson),
 * which name its own classes and settings; each bundle has a copy of it, so that its types are not
 * known here.
 */
final class JsonFailures {
    private static final Pattern PLACE =
            Pattern.compile("\\s*\\[Source: [^\\]]*line: (\\d+)(?:, column: (\\d+))?\\]");
    private static final Pattern END = Pattern.compile("\\s+at" + PLACE.pattern() + "$");
    private static final Pattern START =
            Pattern.compile(" \\(start marker at" + PLACE.pattern() + "\\)");
    private static final Pattern LIMIT = Pattern.compile(", from `StreamReadConstraints\\.[^`]*`");
    private static final Pattern SETTING =
            Pattern.compile(
                    ": enable `[^`]*` to allow| \\(not recognized as one since Feature [^)]*\\)");
    private static final Pattern CODE = Pattern.compile(" \\(code \\d+( / 0x[0-9a-f]+)?\\)");
    private static final Pattern NO_OBJECT =
            Pattern.compile("Can not read a Map: .* instead got: (?:JSON )?(.*)");

    private JsonFailures() {}

    /** Null if it is not a message of the parser. */
    static @Nullable String sentence(String message) {
        Matcher end = END.matcher(message);
        boolean hasPlace = end.find();
        if (!hasPlace && !LIMIT.matcher(message).find()) {
            return null;
        }
        String place = hasPlace ? " in " + place(end) : "";
        return "JSON error"
                + place
                + ": "
                + reason(hasPlace ? message.substring(0, end.start()) : message);
    }

    private static String place(MatchResult matched) {
        String column = matched.group(2);
        return "line " + matched.group(1) + (column == null ? "" : ", column " + column);
    }

    private static String reason(String message) {
        String text = START.matcher(message).replaceAll(start -> ", opened in " + place(start));
        text = LIMIT.matcher(text).replaceAll("");
        text = SETTING.matcher(text).replaceAll("");
        text = CODE.matcher(text).replaceAll("");
        text = NO_OBJECT.matcher(text).replaceAll("an object was expected, not: $1");
        return Character.toLowerCase(text.charAt(0)) + text.substring(1);
    }
}
