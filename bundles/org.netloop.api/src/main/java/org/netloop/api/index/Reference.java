package org.netloop.api.index;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.message.Secrets;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Name of an image for users: {@code REPO[#channel][@digest]}, where {@code REPO} is a path or a
 * URI.
 *
 * @param repository the base URI, absolute
 * @param channelOrNull the named channel; null if there is none
 * @param digestOrNull the digest of the named image; null if there is none
 */
public record Reference(
        URI repository, @Nullable String channelOrNull, @Nullable Digest digestOrNull) {

    /** The channel that is meant when neither channel nor digest is named. */
    public static final String STANDARD_CHANNEL = "stable";

    private static final Pattern DIGEST = Pattern.compile("@(?:([a-z0-9-]+):)?([0-9a-f]{32,128})$");
    private static final Pattern CHANNEL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Pattern SCHEME =
            Pattern.compile("^[A-Za-z][A-Za-z0-9+.-]+:.*", Pattern.DOTALL);

    /** Checks the channel's name and that the URI is absolute. */
    public Reference {
        if (!repository.isAbsolute()) {
            throw new IllegalArgumentException(
                    "'" + Secrets.hide(repository) + "' is not an absolute URI");
        }
        if (channelOrNull != null && !CHANNEL.matcher(channelOrNull).matches()) {
            throw new IllegalArgumentException(
                    "'"
                            + channelOrNull
                            + "' is not a valid channel name: 1 to 64 of A-Z a-z 0-9 . _ -, a letter or"
                            + " digit first");
        }
    }

    /**
     * Parses a reference; a path is relative to the working directory.
     *
     * @throws IllegalArgumentException if it is not a valid reference; the message says why
     */
    public static Reference parse(String text) {
        String rest = text;
        Digest digest = null;
        Matcher at = DIGEST.matcher(rest);
        if (at.find()) {
            String algorithm = at.group(1) == null ? DigestAlgorithm.SHA256.id() : at.group(1);
            digest = Digest.ofHex(DigestAlgorithm.byId(algorithm), at.group(2));
            rest = rest.substring(0, at.start());
        }
        String channel = null;
        int hash = rest.lastIndexOf('#');
        if (hash >= 0) {
            channel = rest.substring(hash + 1);
            rest = rest.substring(0, hash);
        }
        if (rest.isEmpty()) {
            throw new IllegalArgumentException(
                    "'"
                            + Secrets.hide(text)
                            + "' names no repository: expected REPO[#channel][@digest]");
        }
        return new Reference(uri(rest), channel, digest);
    }

    /**
     * Returns the absolute URI of a path or URI that a user wrote. An empty one, such as that of a
     * variable that is not set, does not stand for the working directory.
     *
     * @throws IllegalArgumentException if it is neither; the message says why
     */
    public static URI uri(String pathOrUri) {
        if (pathOrUri.isBlank()) {
            throw new IllegalArgumentException(
                    "the path or URI is empty; the working directory is written as '.'");
        }
        if (!SCHEME.matcher(pathOrUri).matches()) {
            return Path.of(pathOrUri).toAbsolutePath().normalize().toUri();
        }
        URI uri = create(pathOrUri);
        if (uri.isOpaque()) {
            // What follows the scheme may be a user with a password: it is not shown.
            throw new IllegalArgumentException(
                    "what begins with '"
                            + uri.getScheme()
                            + ":' is not a URI with a path; write '"
                            + uri.getScheme()
                            + "://…', or './"
                            + uri.getScheme()
                            + ":…' for a file of that name");
        }
        return URI.create(
                uri.getScheme().toLowerCase(Locale.ROOT)
                        + pathOrUri.substring(uri.getScheme().length()));
    }

    /**
     * Parses a URI; the JDK's failure shows all of the text, secrets included, and is therefore not
     * the cause.
     */
    private static URI create(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(
                    "'" + Secrets.hide(text) + "' is not a URI: " + e.getReason());
        }
    }

    /** Returns the named channel; empty if there is none. */
    public Optional<String> channel() {
        return Optional.ofNullable(channelOrNull);
    }

    /** Returns the digest of the named image; empty if there is none. */
    public Optional<Digest> digest() {
        return Optional.ofNullable(digestOrNull);
    }

    /** Returns the reference without the URI's secrets. */
    @Override
    public String toString() {
        return Secrets.hide(repository)
                + channel().map(name -> "#" + name).orElse("")
                + digest().map(value -> "@" + value).orElse("");
    }
}
