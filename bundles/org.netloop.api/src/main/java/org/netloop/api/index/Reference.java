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
 * What a user calls an image: {@code REPO[#channel][@digest]}, {@code REPO} being a path or a URI.
 *
 * @param repository the base URI, absolute
 * @param channelOrNull the channel asked for; null if none was named
 * @param digestOrNull the image asked for; null if none was named
 */
public record Reference(
        URI repository, @Nullable String channelOrNull, @Nullable Digest digestOrNull) {

    /** The channel that is meant when neither channel nor digest is named. */
    public static final String STANDARD_CHANNEL = "stable";

    private static final Pattern DIGEST = Pattern.compile("@(?:([a-z0-9-]+):)?([0-9a-f]{32,128})$");
    private static final Pattern CHANNEL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Pattern SCHEME = Pattern.compile("^[A-Za-z][A-Za-z0-9+.-]+:.*");

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
                            + "' is no name of a channel: 1 to 64 of A-Z a-z 0-9 . _ -, a letter or"
                            + " digit first");
        }
    }

    /**
     * Reads a reference; a path is taken relative to the working directory.
     *
     * @throws IllegalArgumentException if it is none; the message says what is wrong with it
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

    /** The absolute URI of a path or URI, as a user writes it. */
    public static URI uri(String pathOrUri) {
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

    /** The JDK's message shows all of it, and so is no cause either. */
    private static URI create(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(
                    "'" + Secrets.hide(text) + "' is not a URI: " + e.getReason());
        }
    }

    /** The channel asked for; empty if none was named. */
    public Optional<String> channel() {
        return Optional.ofNullable(channelOrNull);
    }

    /** The image asked for; empty if none was named. */
    public Optional<Digest> digest() {
        return Optional.ofNullable(digestOrNull);
    }

    /** As it may be shown: without secrets of the URI. */
    @Override
    public String toString() {
        return Secrets.hide(repository)
                + channel().map(name -> "#" + name).orElse("")
                + digest().map(value -> "@" + value).orElse("");
    }
}
