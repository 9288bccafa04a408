package org.netloop.transport.http;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/**
 * Redirects that hold for longer than one request: for the same object as they were given, and for
 * its neighbours, if their names are digests. What has such a name is verified by whoever reads it,
 * so that a neighbour that lies elsewhere is noticed; a channel or a file that is read in place is
 * asked for where it was found until a redirect says otherwise for that very object.
 *
 * <p>What one sends with its requests belongs to the key: where a server leads those who prove who
 * they are, it leads nobody else. Bounded; thread-safe.
 */
final class Shortcuts {
    static final int MOST = 512;

    /** Pattern of a digest in hexadecimal digits: no shorter digest is in use. */
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{32,128}(?:\\.[a-z]{1,8})?");

    /**
     * @param authorization the header that is sent along; null if there is none
     * @param uri an object, or a directory's URI for those below it; without user information
     */
    private record Key(@Nullable String authorization, URI uri) {}

    private record Way(URI to, long endsNanos) {}

    /**
     * A part of an object that was fetched along a neighbour's way.
     *
     * @param offset its first byte
     */
    private record Guess(URI uri, long offset) {}

    private final LongSupplier nanoTime;
    private final Map<Key, Way> ways = bounded();
    private final Map<Guess, Boolean> guesses = bounded();

    /**
     * @param nanoTime the clock, as {@link System#nanoTime}
     */
    Shortcuts(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    private static <K, V> Map<K, V> bounded() {
        return new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > MOST;
            }
        };
    }

    /**
     * Returns the remembered location of an object; null if none is known. The same part of a
     * neighbour's neighbour is not found twice this way: that it is wanted again may mean that what
     * came was not it.
     */
    synchronized @Nullable URI find(@Nullable String authorization, URI object, long offset) {
        URI own = live(new Key(authorization, object));
        if (own != null) {
            return own;
        }
        if (!hasDigestName(object)) {
            return null;
        }
        for (URI above = parent(object, "."); above != null; above = parent(above, "..")) {
            URI to = live(new Key(authorization, above));
            if (to != null) {
                boolean first = guesses.put(new Guess(object, offset), true) == null;
                return first ? to.resolve(above.relativize(object)) : null;
            }
        }
        return null;
    }

    private @Nullable URI live(Key key) {
        Way way = ways.get(key);
        if (way != null && way.endsNanos() - nanoTime.getAsLong() <= 0) {
            ways.remove(key);
            return null;
        }
        return way == null ? null : way.to();
    }

    /**
     * Keeps what a server said, after it has proved right.
     *
     * @param lifetime for how long; nothing is kept for none
     */
    synchronized void learn(@Nullable String authorization, URI from, URI to, Duration lifetime) {
        if (!lifetime.isPositive()) {
            return;
        }
        long ends = nanoTime.getAsLong() + lifetime.toNanos();
        ways.put(new Key(authorization, from), new Way(to, ends));
        neighbours(from, to)
                .ifPresent(
                        pair ->
                                ways.put(
                                        new Key(authorization, pair.getKey()),
                                        new Way(pair.getValue(), ends)));
    }

    /** Drops all that would lead this object along the way that it just went. */
    synchronized void forget(@Nullable String authorization, URI object) {
        ways.remove(new Key(authorization, object));
        for (URI above = parent(object, "."); above != null; above = parent(above, "..")) {
            ways.remove(new Key(authorization, above));
        }
    }

    /**
     * The directory of digests that an object is in, and where it was led to: up to the first
     * directory whose name is no begin of the digest ({@code blocks/ab/abcdef…} is in {@code
     * blocks/}). Empty if the way there is not the same.
     */
    private static Optional<Map.Entry<URI, URI>> neighbours(URI from, URI to) {
        if (!hasDigestName(from) || to.getRawQuery() != null) {
            return Optional.empty();
        }
        String name = name(from);
        URI above = parent(from, ".");
        while (above != null && name.startsWith(name(above)) && !name(above).isEmpty()) {
            above = parent(above, "..");
        }
        if (above == null) {
            return Optional.empty();
        }
        String rest = above.relativize(from).toString();
        String there = to.toString();
        return there.endsWith("/" + rest)
                ? Optional.of(
                        Map.entry(
                                above,
                                URI.create(there.substring(0, there.length() - rest.length()))))
                : Optional.empty();
    }

    private static boolean hasDigestName(URI object) {
        return object.getRawQuery() == null && DIGEST.matcher(name(object)).matches();
    }

    /** The last segment of a path, also if a slash ends it. */
    private static String name(URI uri) {
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        String bare = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        return bare.substring(bare.lastIndexOf('/') + 1);
    }

    /** The directory of an object ({@code .}), or above a directory; null above the root. */
    private static @Nullable URI parent(URI uri, String step) {
        String path = uri.getRawPath();
        return path == null || path.isEmpty() || path.equals("/") ? null : uri.resolve(step);
    }
}
