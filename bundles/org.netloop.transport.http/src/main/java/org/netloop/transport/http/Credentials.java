package org.netloop.transport.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Who is told what: an {@code Authorization} header by the beginning of a URI. Sent without being
 * asked, so that no round trip is lost; never to another origin than the configured one. Immutable.
 */
final class Credentials {
    private static final Pattern USER_INFORMATION =
            Pattern.compile("^([A-Za-z][A-Za-z0-9+.-]*://)[^/?#]*@");

    private record Entry(Origin origin, String path, String header) {
        boolean matches(URI uri) {
            return origin.equals(Origin.of(uri))
                    && uri.getRawPath() != null
                    && uri.getRawPath().startsWith(path);
        }
    }

    /** Names a file of such lines, for commands that no configuration belongs to. */
    static final String FILE_VARIABLE = "NETLOOP_HTTP_CREDENTIALS";

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
        try (Stream<String> inFile = Files.lines(Path.of(file), UTF_8)) {
            return Stream.concat(
                            setting.stream(), inFile.filter(line -> !line.strip().startsWith("#")))
                    .toList();
        } catch (IOException | UncheckedIOException e) {
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
        String header =
                switch (parts[1]) {
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
        return new Entry(Origin.of(prefix), prefix.getRawPath(), header);
    }

    /** Of what may hold a secret nothing is shown. */
    private static URI uri(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException _) {
            return URI.create("");
        }
    }

    private static String read(String path) {
        try {
            return Files.readString(Path.of(path)).strip();
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
        if (uri.getUserInfo() != null) {
            return basic(uri.getUserInfo());
        }
        return entries.stream()
                .filter(entry -> entry.matches(uri))
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
