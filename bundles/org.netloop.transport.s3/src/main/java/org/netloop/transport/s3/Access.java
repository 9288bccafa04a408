package org.netloop.transport.s3;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Map;

/**
 * Endpoint, region and options by which a bucket is reached.
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

    /** Place of the bucket's name in a URI. */
    enum Addressing {
        /** Chooses the usual style of the endpoint. */
        AUTO,
        /** Puts the bucket's name before the key: {@code host/bucket/key}. */
        PATH,
        /** Puts the bucket's name before the host: {@code bucket.host/key}. */
        VIRTUAL
    }

    /** Parses the options endpoint, region, addressing, profile, anonymous and requester.pays. */
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
                "the endpoint is not valid: expected http(s)://host[:port], without user, key or query");
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

    /** Returns whether the bucket's name goes before the key. */
    boolean isByPath() {
        return addressing == Addressing.PATH || (addressing == Addressing.AUTO && endpoint != null);
    }

    /** Returns the endpoint as messages show it. */
    String where() {
        return endpoint == null ? "Amazon S3" : endpoint.toString();
    }
}
