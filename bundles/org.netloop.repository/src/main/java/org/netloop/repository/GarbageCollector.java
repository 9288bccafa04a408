package org.netloop.repository;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;
import org.netloop.api.index.Catalog;
import org.netloop.api.index.ImageInfo;
import org.netloop.api.message.Failures;
import org.netloop.api.profile.ProfileFormat;
import org.netloop.api.publish.RepositoryUse;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.Repository;
import org.netloop.api.trust.Statement;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Removes what no image of a repository needs: marks the objects of all images and their profiles,
 * then removes the blocks, profiles and packs that are not marked. What has not the form of such an
 * object belongs to somebody else and stays. Used once, by one thread.
 */
final class GarbageCollector {
    /** Number of removals after which the repository is asked whether it is still excluded. */
    private static final int CHECK_EVERY = 16;

    private final Repository repository;
    private final List<Catalog> catalogs;
    private final Optional<ProfileFormat> profiles;
    private final RepositoryUse use;
    private final boolean dryRun;
    private final PathFilter needed = new PathFilter(PathFilter.MOST);

    private int imagesRemoved;
    private long objects;
    private long bytes;
    private long young;
    private long kept;

    /**
     * The outcome of a collection.
     *
     * @param images how many images were removed
     * @param objects how many other objects
     * @param bytes how many bytes they had
     * @param young how many objects stay although no image needs them, as they were put lately
     * @param kept how many objects are needed
     */
    record Collected(int images, long objects, long bytes, long young, long kept) {}

    /**
     * Creates a collector.
     *
     * @param use excludes publishers, while it is open
     * @param dryRun whether nothing is to be removed, only counted
     */
    GarbageCollector(
            Repository repository,
            List<Catalog> catalogs,
            Optional<ProfileFormat> profiles,
            RepositoryUse use,
            boolean dryRun) {
        this.repository = repository;
        this.catalogs = catalogs;
        this.profiles = profiles;
        this.use = use;
        this.dryRun = dryRun;
    }

    /**
     * Collects.
     *
     * @param keep which images stay; null for all
     * @param grace how long ago an object that no image needs must have been put
     * @throws IOException if an image or a channel cannot be read: nothing is removed then, as
     *     nobody knows what it needs
     */
    Collected run(@Nullable Keep keep, Duration grace) throws IOException {
        requireUndamaged();
        Instant before = use.began().minus(grace);
        Map<Catalog, Set<Digest>> doomed = new LinkedHashMap<>();
        for (Catalog catalog : catalogs) {
            List<Digest> images = catalog.images().stream().map(ImageInfo::digest).toList();
            Set<Digest> unwanted = keep == null ? Set.of() : doomed(catalog, images, keep, before);
            doomed.put(catalog, unwanted);
            for (Digest image : images) {
                if (!unwanted.contains(image)) {
                    mark(catalog, image);
                }
            }
        }
        for (Map.Entry<Catalog, Set<Digest>> entry : doomed.entrySet()) {
            removeImages(entry.getKey(), entry.getValue());
        }
        try {
            sweep(before);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return new Collected(imagesRemoved, objects, bytes, young, kept);
    }

    private void requireUndamaged() throws IOException {
        List<String> damaged = new ArrayList<>();
        for (Catalog catalog : catalogs) {
            damaged.addAll(catalog.damaged());
        }
        if (!damaged.isEmpty()) {
            throw new FetchException.Corrupt(
                    "nothing was removed from "
                            + repository.base()
                            + ": "
                            + String.join(", ", damaged)
                            + " cannot be read, so it is unknown which objects it needs; put it back"
                            + " or delete it");
        }
    }

    private Set<Digest> doomed(Catalog catalog, List<Digest> images, Keep keep, Instant before)
            throws IOException {
        Set<Digest> kept = keep.of(catalog, Instant.now());
        Set<Digest> doomed = new HashSet<>();
        for (Digest image : images) {
            if (!kept.contains(image) && isOlder(catalog, image, before)) {
                doomed.add(image);
            }
        }
        return doomed;
    }

    /** Returns whether an image was published before that time. */
    private boolean isOlder(Catalog catalog, Digest image, Instant before) throws IOException {
        String root = catalog.imagePath(image);
        try (Stream<Repository.Entry> entries = repository.list(root)) {
            return entries.filter(entry -> entry.path().equals(root))
                    .allMatch(entry -> entry.modified().isBefore(before));
        }
    }

    private void removeImages(Catalog catalog, Set<Digest> images) throws IOException {
        for (Digest image : images) {
            if (!dryRun) {
                use.check();
                catalog.remove(image);
                repository.delete(Statement.pathOf(catalog.imagePath(image)));
            }
            imagesRemoved++;
        }
    }

    private void mark(Catalog catalog, Digest image) throws IOException {
        try (Stream<Catalog.Item> items = catalog.objects(image)) {
            items.forEach(item -> needed.add(item.path()));
        } catch (UncheckedIOException e) {
            throw new IOException(
                    "nothing was removed from "
                            + repository.base()
                            + ": the objects of image "
                            + image
                            + " cannot be told ("
                            + Failures.sentence(e)
                            + ")",
                    e);
        }
        if (profiles.isPresent()) {
            try (Stream<String> paths = profiles.get().objects(repository, image)) {
                paths.forEach(needed::add);
            }
        }
    }

    private void sweep(Instant before) throws IOException {
        try (Stream<Repository.Entry> entries = repository.list("")) {
            Iterator<Repository.Entry> next = entries.iterator();
            while (next.hasNext()) {
                Repository.Entry entry = next.next();
                String object = signed(entry.path());
                if (!isOurs(object)) {
                    continue;
                }
                if (needed.mayContain(object)) {
                    kept++;
                } else if (entry.modified().isBefore(before)) {
                    remove(entry);
                } else {
                    young++;
                }
            }
        }
        if (objects > 0 && !dryRun) {
            repository.sync();
        }
    }

    /** The object that a statement is of; any other path as it is. */
    private static String signed(String path) {
        return path.endsWith(Statement.SUFFIX)
                ? path.substring(0, path.length() - Statement.SUFFIX.length())
                : path;
    }

    private void remove(Repository.Entry entry) throws IOException {
        if (!dryRun) {
            if (use.isLost() || objects % CHECK_EVERY == 0) {
                use.check();
            }
            repository.delete(entry.path());
        }
        objects++;
        bytes += entry.length();
    }

    private boolean isOurs(String path) {
        return catalogs.stream().anyMatch(catalog -> catalog.isBlock(path))
                || profiles.map(format -> format.isObject(path)).orElse(false);
    }
}
