package org.netloop.gateway.http;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;
import org.netloop.api.mirror.MirroredRepositories;
import org.netloop.api.mirror.MirroredRepository;
import org.netloop.api.status.Measures;
import org.netloop.api.transport.FetchException;

import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Repositories that are served, by the first part of their objects' paths. Thread-safe. */
final class Served {
    /** Longest object that is passed on, in bytes. */
    static final int LONGEST = 4 << 20;

    /** Part of a path: it does not begin with a dot, so that none leads elsewhere. */
    private static final String PART = "[A-Za-z0-9_-][A-Za-z0-9._-]*";

    private static final Pattern NAME = Pattern.compile(PART);
    private static final Pattern PATH =
            Pattern.compile("/(" + PART + ")/((?:" + PART + "/)*" + PART + ")");

    private static final Pattern BLOCK = Pattern.compile("blocks/([0-9a-f]{2})/(\\1[0-9a-f]{62})");

    private static final Pattern PACK = Pattern.compile("packs/.*");

    private final Map<String, MirroredRepository> repositories = new HashMap<>();

    /**
     * @param lines a name and the mirrors of each repository, separated by blanks
     * @throws IllegalArgumentException if a line is not of that form
     */
    Served(String[] lines, MirroredRepositories engine, Duration patience) {
        for (String line : lines) {
            List<String> parts = List.of(line.strip().split("\\s+"));
            if (parts.size() < 2 || !NAME.matcher(parts.getFirst()).matches()) {
                throw new IllegalArgumentException(
                        "repositories of org.netloop.gateway.http: not a name and mirrors,"
                                + " separated by blanks: '"
                                + parts.getFirst()
                                + " …'");
            }
            List<URI> mirrors = new ArrayList<>();
            parts.subList(1, parts.size()).forEach(mirror -> mirrors.add(URI.create(mirror)));
            repositories.put(parts.getFirst(), engine.open(mirrors, patience));
        }
    }

    /** Adds the figures of each repository. */
    void measure(Measures measures) {
        repositories.forEach(
                (name, repository) ->
                        measure(repository.counts(), measures.with("repository", name)));
    }

    private static void measure(MirroredRepository.Counts counts, Measures measures) {
        measures.counter(
                        "netloop_gateway_cache_hits",
                        "",
                        "Objects that came from the cache.",
                        counts.hits())
                .counter(
                        "netloop_gateway_cache_misses",
                        "",
                        "Objects that came from a mirror.",
                        counts.fetches())
                .counter(
                        "netloop_gateway_joined_fetches",
                        "",
                        "Requests for an object that was under way already.",
                        counts.joins())
                .counter(
                        "netloop_gateway_fetched_bytes",
                        "bytes",
                        "Bytes of objects that came from mirrors.",
                        counts.fetchedBytes())
                .counter(
                        "netloop_gateway_failed_fetches",
                        "",
                        "Objects that could not be had.",
                        counts.failures());
    }

    /**
     * An object to be sent.
     *
     * @param bytes read-only
     * @param isImmutable whether its path names its bytes
     */
    record Found(ByteBuffer bytes, boolean isImmutable) {}

    /**
     * Finds an object.
     *
     * @param rawPath path of the request
     * @return null if no such object is served
     */
    @Nullable Found find(String rawPath) throws FetchException, InterruptedException {
        Matcher path = PATH.matcher(rawPath);
        MirroredRepository repository = path.matches() ? repositories.get(path.group(1)) : null;
        // A pack is one object for many ranges, none of which can be verified by itself.
        if (repository == null || PACK.matcher(path.group(2)).matches()) {
            return null;
        }
        String object = path.group(2);
        Matcher block = BLOCK.matcher(object);
        return block.matches()
                ? new Found(
                        repository.block(object, Digest.parse("sha256:" + block.group(2)), LONGEST),
                        true)
                : new Found(repository.document(object, LONGEST), false);
    }
}
