package org.netloop.publish;

import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.Repository;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Checks that a repository has all objects of an image, at the end of its publishing: somebody may
 * have deleted a block after it was found there. Stateless.
 */
final class Completeness {
    /** Number of paths checked at a time; bounds memory, however large the image is. */
    private static final int BATCH = 1 << 15;

    private Completeness() {}

    /**
     * Checks it.
     *
     * @param paths closed when this returns
     * @throws FetchException.Missing if an object is not there; the message names it
     */
    static void check(Repository repository, Stream<String> paths) throws IOException {
        try (paths) {
            Iterator<String> next = paths.iterator();
            Set<String> batch = new LinkedHashSet<>();
            while (next.hasNext()) {
                batch.add(next.next());
                if (batch.size() == BATCH) {
                    ask(repository, batch);
                }
            }
            ask(repository, batch);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static void ask(Repository repository, Set<String> batch) throws IOException {
        List<String> missing = repository.missing(new ArrayList<>(batch));
        batch.clear();
        if (!missing.isEmpty()) {
            throw new FetchException.Missing(
                    "the image was not published: "
                            + missing.getFirst()
                            + (missing.size() == 1 ? "" : " and " + (missing.size() - 1) + " more")
                            + " of its objects were deleted from "
                            + repository.base()
                            + " while it was packed; pack it again while nothing is deleted there");
        }
    }
}
