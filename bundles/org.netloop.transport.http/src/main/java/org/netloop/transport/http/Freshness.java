package org.netloop.transport.http;

import org.jspecify.annotations.Nullable;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Lifetime of a redirect, as its headers state it (RFC 9111, 4.2). */
final class Freshness {
    /** One that says nothing more than that it is permanent; and the most that is believed. */
    private static final Duration LONGEST = Duration.ofDays(1);

    private static final Set<Integer> PERMANENT = Set.of(301, 308);
    private static final Set<Integer> TEMPORARY = Set.of(302, 307);

    private Freshness() {}

    /** Zero if it holds for the one request only. */
    static Duration of(Answer redirect, Instant now) {
        boolean permanent = PERMANENT.contains(redirect.status());
        List<String> control = directives(redirect.header("cache-control"));
        if (!(permanent || TEMPORARY.contains(redirect.status()))
                || control.contains("no-store")
                || control.contains("no-cache")) {
            return Duration.ZERO;
        }
        Duration lifetime = maxAge(control);
        if (lifetime == null) {
            lifetime = untilExpiry(redirect, now);
        }
        if (lifetime == null) {
            return permanent ? LONGEST : Duration.ZERO;
        }
        Duration left = lifetime.minus(seconds(redirect.header("age")));
        return left.isNegative() ? Duration.ZERO : left.compareTo(LONGEST) > 0 ? LONGEST : left;
    }

    private static List<String> directives(@Nullable String header) {
        return header == null
                ? List.of()
                : Arrays.stream(header.toLowerCase(Locale.ROOT).split(","))
                        .map(String::strip)
                        .map(directive -> directive.replaceFirst("^(no-cache|no-store)=.*", "$1"))
                        .toList();
    }

    /** Returns the shortest of several ages; null if there is none. */
    private static @Nullable Duration maxAge(List<String> control) {
        return control.stream()
                .filter(directive -> directive.startsWith("max-age="))
                .map(directive -> seconds(directive.substring("max-age=".length())))
                .min(Duration::compareTo)
                .orElse(null);
    }

    private static Duration seconds(@Nullable String text) {
        String digits = text == null ? "" : text.strip().replace("\"", "");
        return digits.matches("[0-9]{1,9}")
                ? Duration.ofSeconds(Long.parseLong(digits))
                : Duration.ZERO;
    }

    /**
     * Returns the time until expiry by the server's own clock, if it sends the date; an invalid
     * date counts as past.
     */
    private static @Nullable Duration untilExpiry(Answer redirect, Instant now) {
        String expires = redirect.header("expires");
        if (expires == null) {
            return null;
        }
        Instant then = date(expires);
        Instant sent = date(redirect.header("date"));
        return then == null ? Duration.ZERO : Duration.between(sent == null ? now : sent, then);
    }

    private static @Nullable Instant date(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            return ZonedDateTime.parse(text.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
        } catch (DateTimeException _) {
            return null;
        }
    }
}
