package org.netloop.transport.s3;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Map;

/**
 * How buckets are reached.
 *
 * @param endpoint the server; null for Amazon's
 * @param region its region; empty if it is for the SDK to find out
 * @param addressing where the bucket's name goes
 * @param profile whose keys are used; empty for the SDK's whole chain
 * @param anonymous whether no keys are used
 * @param requesterPays whether it is agreed to pay
 */
record Access(
        @Nullable URI endpoint,
        String region,
        Addressing addressing,
        String profile,
        boolean anonymous,
        boolean requesterPays) {

    /** Where the bucket's name goes. */
    enum Addressing {
        /** As is usual at the endpoint. */
        AUTO,
        /** In front of the key. */
        PATH,
        /** In front of the host. */
        VIRTUAL
    }

    /** By a text for each of endpoint, region, addressing, profile, anonymous, requester.pays. */
    static Access of(Map<String, String> said) {
        return new Access(
                endpoint(said.getOrDefault("endpoint", "")),
                said.getOrDefault("region", "").strip(),
                addressing(said.getOrDefault("addressing", "auto")),
                said.getOrDefault("profile", "").strip(),
                flag(said.getOrDefault("anonymous", "")),
                flag(said.getOrDefault("requester.pays", "")));
    }

    private static @Nullable URI endpoint(String text) {
        if (text.isBlank()) {
            return null;
        }
        try {
            URI uri = new URI(text.strip());
            boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            boolean bare = uri.getUserInfo() == null && uri.getQuery() == null;
            if (web && bare && uri.getHost() != null) {
                return uri;
            }
        } catch (URISyntaxException _) {
            // It is not repeated: there may be a key in it.
        }
        throw new IllegalArgumentException(
                "the endpoint is none: expected http(s)://host[:port], without user, key or query");
    }

    private static Addressing addressing(String text) {
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "auto" -> Addressing.AUTO;
            case "path" -> Addressing.PATH;
            case "virtual" -> Addressing.VIRTUAL;
            default ->
                    throw new IllegalArgumentException(
                            "addressing is '" + text + "': expected auto, path or virtual");
        };
    }

    private static boolean flag(String text) {
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "true", "1", "yes" -> true;
            case "false", "0", "no", "" -> false;
            default ->
                    throw new IllegalArgumentException("'" + text + "' is neither true nor false");
        };
    }

    /** Whether the bucket's name goes in front of the key. */
    boolean isByPath() {
        return addressing == Addressing.PATH || (addressing == Addressing.AUTO && endpoint != null);
    }

    /** For messages. */
    String where() {
        return endpoint == null ? "Amazon S3" : endpoint.toString();
    }
}
