package org.netloop.transport.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Who is told what: an {@code Authorization} header by the beginning of a URI. Sent without being
 * asked, so that no round trip is lost; never to another origin than the configured one. Immutable.
 */
final class Credentials {
    private record Entry(String prefix, String header) {}

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

    private static Entry parse(String line, int number) {
        String[] parts = line.split("\\s+", 3);
        URI prefix = parts.length == 3 ? URI.create(parts[0]) : URI.create("");
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
        return new Entry(parts[0], header);
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
        String text = uri.toString();
        return entries.stream()
                .filter(entry -> text.startsWith(entry.prefix()))
                .map(Entry::header)
                .findFirst()
                .orElse(null);
    }

    /** A URI as it may be shown. */
    static String shown(URI uri) {
        return uri.getRawUserInfo() == null
                ? uri.toString()
                : uri.toString().replace(uri.getRawUserInfo() + "@", "");
    }

    /** A URI as it is asked for: who asks is said in a header. */
    static URI bare(URI uri) {
        return uri.getRawUserInfo() == null ? uri : URI.create(shown(uri));
    }
}
