package org.netloop.transport.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;
import org.netloop.api.file.SmallFile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * {@code Authorization} headers by URI prefix. Sent without being asked, so that no round trip is
 * lost; never to another origin than the configured one. Immutable.
 */
final class Credentials {
    private static final Pattern USER_INFORMATION =
            Pattern.compile("^([A-Za-z][A-Za-z0-9+.-]*://)[^/?#]*@");

    /** Begins the kind of what is also sent where another origin's redirect leads. */
    private static final String REDIRECTED = "redirected-";

    /**
     * One configured line.
     *
     * @param path it covers what is at it and below it
     * @param redirected whether a redirect of another origin may make use of it
     */
    private record Entry(Origin origin, String path, boolean redirected, String header) {
        private static final Pattern STEP = Pattern.compile("(?:.*/)?\\.\\.?(?:/.*)?");

        boolean matches(URI uri) {
            return origin.equals(Origin.of(uri)) && (path.equals("/") || isBelow(uri));
        }

        /** Servers take the steps {@code ..} of a path, also encoded: such a one is nowhere. */
        private boolean isBelow(URI uri) {
            String asked = uri.getRawPath();
            return asked != null
                    && !STEP.matcher(uri.getPath()).matches()
                    && (asked.equals(path)
                            || asked.startsWith(path.endsWith("/") ? path : path + "/"));
        }
    }

    /** Names a file of such lines, for commands that no configuration belongs to. */
    static final String FILE_VARIABLE = "NETLOOP_HTTP_CREDENTIALS";

    private static final int LONGEST_FILE = 1 << 20;

    private final List<Entry> entries;

    /**
     * @param lines each {@code PREFIX basic USER:PASSWORD}, {@code PREFIX bearer TOKEN}, or the
     *     same with {@code basic-file} or {@code bearer-file} and a path
     * @throws IllegalArgumentException if one is neither; it is not shown, as it holds a secret
     */
    Credentials(List<String> lines) {
        List<Entry> parsed = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).isBlank()) {
                parsed.add(parse(lines.get(i).strip(), i + 1));
            }
        }
        entries = List.copyOf(parsed);
    }

    /**
     * The lines of a setting, and those of the file that {@value #FILE_VARIABLE} names.
     *
     * @throws IOException if there is no such file, or it cannot be read
     */
    static List<String> lines(List<String> setting, Map<String, String> environment)
            throws IOException {
        String file = environment.getOrDefault(FILE_VARIABLE, "");
        if (file.isBlank()) {
            return setting;
        }
        try {
            Stream<String> inFile = SmallFile.text(Path.of(file), LONGEST_FILE).lines();
            return Stream.concat(
                            setting.stream(), inFile.filter(line -> !line.strip().startsWith("#")))
                    .toList();
        } catch (IOException e) {
            throw new IOException(
                    "the credentials that "
                            + FILE_VARIABLE
                            + " names cannot be read: "
                            + org.netloop.api.message.Failures.sentence(e),
                    e);
        }
    }

    private static Entry parse(String line, int number) {
        String[] parts = line.split("\\s+", 3);
        URI prefix = parts.length == 3 ? uri(parts[0]) : URI.create("");
        if (prefix.getHost() == null
                || prefix.getPath() == null
                || !prefix.getPath().startsWith("/")) {
            throw new IllegalArgumentException(
                    "authorization "
                            + number
                            + " is not 'http(s)://host[:port]/path kind value', the path at least"
                            + " '/'");
        }
        boolean redirected = parts[1].startsWith(REDIRECTED);
        String kind = redirected ? parts[1].substring(REDIRECTED.length()) : parts[1];
        String header =
                switch (kind) {
                    case "basic" -> basic(parts[2]);
                    case "bearer" -> "Bearer " + parts[2];
                    case "basic-file" -> basic(read(parts[2]));
                    case "bearer-file" -> "Bearer " + read(parts[2]);
                    default ->
                            throw new IllegalArgumentException(
                                    "authorization "
                                            + number
                                            + " has an unknown kind: basic, bearer, basic-file or"
                                            + " bearer-file");
                };
        return new Entry(Origin.of(prefix), prefix.getRawPath(), redirected, header);
    }

    /** Parses a URI; on failure shows nothing of a text that may hold a secret. */
    private static URI uri(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException _) {
            return URI.create("");
        }
    }

    private static String read(String path) {
        try {
            return SmallFile.text(Path.of(path), LONGEST_FILE).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("the secret in " + path + " cannot be read", e);
        }
    }

    private static String basic(String userAndPassword) {
        return "Basic " + Base64.getEncoder().encodeToString(userAndPassword.getBytes(UTF_8));
    }

    /**
     * The header for a URI; null if there is none. User information in the URI itself comes first.
     */
    @Nullable String header(URI uri) {
        return header(uri, uri);
    }

    /**
     * Returns the header for a URI that may be the goal of a redirect; null if there is none. A
     * redirect of another origin would otherwise choose what is done in our name.
     *
     * @param asked the URI that was asked for at first
     */
    @Nullable String header(URI uri, URI asked) {
        if (uri.getUserInfo() != null) {
            return basic(uri.getUserInfo());
        }
        boolean own = Origin.of(uri).equals(Origin.of(asked));
        return entries.stream()
                .filter(entry -> (own || entry.redirected()) && entry.matches(uri))
                .map(Entry::header)
                .findFirst()
                .orElse(null);
    }

    /** A URI as it is asked for: who asks is said in a header. */
    static URI bare(URI uri) {
        return uri.getRawAuthority() == null || !uri.getRawAuthority().contains("@")
                ? uri
                : URI.create(USER_INFORMATION.matcher(uri.toString()).replaceFirst("$1"));
    }

    /** A bare URI with the user information of another, if both ask the same origin. */
    static URI carried(URI from, URI bareTo) {
        String user = from.getRawUserInfo();
        return user == null || !Origin.of(from).equals(Origin.of(bareTo))
                ? bareTo
                : URI.create(
                        bareTo.toString()
                                .replaceFirst("://", "://" + Matcher.quoteReplacement(user) + "@"));
    }
}
