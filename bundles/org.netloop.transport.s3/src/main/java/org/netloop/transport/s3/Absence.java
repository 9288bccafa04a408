package org.netloop.transport.s3;

import org.netloop.api.transport.Repository;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds out which objects a bucket lacks, by several requests at a time: those of one directory by
 * its listing, which tells of a thousand objects in one answer, or one by one where there are few.
 */
final class Absence {
    private static final int REQUESTS_AT_ONCE = 16;

    /** Number of wanted objects in one directory from which on the directory is listed. */
    private static final int LISTED_FROM = 4;

    private final Repository repository;

    Absence(Repository repository) {
        this.repository = repository;
    }

    /** Returns those of the paths that do not exist. */
    List<String> of(List<String> paths) throws IOException {
        Map<String, Set<String>> directories =
                paths.stream()
                        .collect(Collectors.groupingBy(Absence::directory, Collectors.toSet()));
        List<String> missing = new ArrayList<>();
        // On return all requests have ended: an executor is closed when its tasks are done.
        try (ExecutorService threads =
                Executors.newFixedThreadPool(
                        REQUESTS_AT_ONCE,
                        Thread.ofVirtual().name("netloop-s3-absence").factory())) {
            List<Future<Set<String>>> answers = new ArrayList<>();
            directories.forEach(
                    (directory, wanted) ->
                            answers.add(threads.submit(() -> missing(directory, wanted))));
            try {
                for (Future<Set<String>> answer : answers) {
                    missing.addAll(answer.get());
                }
            } catch (ExecutionException e) {
                threads.shutdownNow();
                throw e.getCause() instanceof IOException failure ? failure : new IOException(e);
            } catch (InterruptedException _) {
                threads.shutdownNow();
                Thread.currentThread().interrupt();
                throw new ClosedByInterruptException();
            }
        }
        return missing;
    }

    private static String directory(String path) {
        return path.substring(0, path.lastIndexOf('/') + 1);
    }

    private Set<String> missing(String directory, Set<String> wanted) throws IOException {
        Set<String> missing = new HashSet<>(wanted);
        if (wanted.size() >= LISTED_FROM) {
            try (Stream<Repository.Entry> there = repository.list(directory)) {
                there.forEach(entry -> missing.remove(entry.path()));
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
            return missing;
        }
        for (String path : wanted) {
            if (repository.length(path).isPresent()) {
                missing.remove(path);
            }
        }
        return missing;
    }
}
