package org.netloop.transport.http;

import org.netloop.api.transport.Fetched;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Byte range that an answer claims to carry, or not to have (RFC 9110, 14.4):
 *
 * <pre>
 * Content-Range = "bytes" SP ( first "-" last "/" ( total | "*" ) | "*" "/" total )
 * </pre>
 *
 * @param first the first byte that comes; -1 if none does
 * @param last the last byte that comes; -1 if none does
 * @param total the length of the whole object; {@link Fetched#UNKNOWN} if it is not said
 */
record ContentRange(long first, long last, long total) {
    private static final String NUMBER = "([0-9]{1,18})";
    private static final Pattern GRAMMAR =
            Pattern.compile(
                    "bytes (?:" + NUMBER + "-" + NUMBER + "|(\\*))/(?:" + NUMBER + "|\\*)",
                    Pattern.CASE_INSENSITIVE);

    /** Empty if it is not one, or contradicts itself. */
    static Optional<ContentRange> parse(String header) {
        Matcher found = GRAMMAR.matcher(header.strip());
        if (!found.matches()) {
            return Optional.empty();
        }
        long total = found.group(4) == null ? Fetched.UNKNOWN : Long.parseLong(found.group(4));
        if (found.group(3) != null) {
            return total < 0 ? Optional.empty() : Optional.of(new ContentRange(-1, -1, total));
        }
        long first = Long.parseLong(found.group(1));
        long last = Long.parseLong(found.group(2));
        return first > last || (total >= 0 && last >= total)
                ? Optional.empty()
                : Optional.of(new ContentRange(first, last, total));
    }

    /** Returns the number of bytes in the range. */
    long length() {
        return first < 0 ? 0 : last - first + 1;
    }

    /** Returns whether the range covers the whole object. */
    boolean isWhole() {
        return first == 0 && last == total - 1;
    }
}
