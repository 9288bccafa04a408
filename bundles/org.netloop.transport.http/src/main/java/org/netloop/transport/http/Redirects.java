package org.netloop.transport.http;

import org.netloop.api.message.Secrets;
import org.netloop.api.transport.FetchException.Unavailable;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashSet;
import java.util.Set;

/** The way of one fetch from URI to URI. Used by one thread. */
final class Redirects {
    private static final int MOST = 5;
    private static final Set<Integer> STATUSES = Set.of(301, 302, 303, 307, 308);
    private static final Set<String> SCHEMES = Set.of("http", "https");

    private final Set<URI> seen = new LinkedHashSet<>();
    private Duration lifetime = ChronoUnit.FOREVER.getDuration();

    static boolean isRedirect(Answer answer) {
        return STATUSES.contains(answer.status());
    }

    /**
     * Returns the URI that an answer redirects to. Credentials of the URI stay with their origin,
     * and none are taken from the answer.
     *
     * @throws Unavailable if it leads nowhere, in a circle, out of TLS, or on for too long
     */
    URI next(URI from, Answer answer) throws Unavailable {
        seen.add(Credentials.bare(from));
        String shown = Secrets.hide(from);
        String location = answer.header("location");
        if (location == null) {
            throw new Unavailable(shown + " redirects to nowhere", null);
        }
        URI to = resolve(from, location);
        boolean downgrade = isTls(from) && !isTls(to);
        if (to.getHost() == null || downgrade || !SCHEMES.contains(Origin.scheme(to))) {
            throw new Unavailable(
                    shown + " redirects to " + Secrets.hide(to) + ", which is not followed", null);
        }
        if (seen.contains(to)) {
            throw new Unavailable(
                    shown + " redirects in a circle, back to " + Secrets.hide(to), null);
        }
        if (seen.size() > MOST) {
            throw new Unavailable(
                    Secrets.hide(seen.iterator().next())
                            + " redirects more than "
                            + MOST
                            + " times",
                    null);
        }
        Duration holds = Freshness.of(answer, Instant.now());
        lifetime = holds.compareTo(lifetime) < 0 ? holds : lifetime;
        return Credentials.carried(from, to);
    }

    /** Returns whether there was any redirect. */
    boolean happened() {
        return !seen.isEmpty();
    }

    /**
     * Returns how long the redirects from the first URI to the last one remain valid; zero if only
     * for this request.
     */
    Duration lifetime() {
        return lifetime;
    }

    private static URI resolve(URI from, String location) throws Unavailable {
        try {
            return Credentials.bare(Credentials.bare(from).resolve(location));
        } catch (IllegalArgumentException e) {
            throw new Unavailable(Secrets.hide(from) + " redirects to an invalid URI", e);
        }
    }

    private static boolean isTls(URI uri) {
        return "https".equals(Origin.scheme(uri));
    }
}
