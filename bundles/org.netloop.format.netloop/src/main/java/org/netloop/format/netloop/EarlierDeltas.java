package org.netloop.format.netloop;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.index.Delta;
import org.netloop.api.index.ObjectReader;
import org.netloop.api.index.Parts;
import org.netloop.api.transport.FetchException;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The deltas of the images that an image was made from, by the digest of the plain bytes that they
 * give, and by that of the stored form that those images have of them. They are read when somebody
 * asks for one: an image names its bases by their digests, so that whatever vouches for the image
 * vouches for those. Thread-safe.
 */
final class EarlierDeltas {
    /** Most bytes of all tables and segments that are read. */
    private static final int MOST_BYTES = 2 << 20;

    /** Most of these bytes as a part of what all blocks of the image take: one in so many. */
    private static final int SHARE = 8;

    /** Name of any of these images in messages. */
    private static final String EARLIER = "an earlier image";

    /** Requests under way: they are small, and wait for the mirror most of the time. */
    private static final int WORKERS = 8;

    private final Manifest manifest;
    private final ObjectReader objects;

    /** The deltas of the nearest images, by the number of these. */
    private final Parts<Map<Digest, Delta>> found;

    EarlierDeltas(Manifest manifest, ObjectReader objects) {
        this.manifest = manifest;
        this.objects = objects;
        int most = Math.toIntExact(mostBytes());
        int memory = Math.max(1, most / DeltaTable.LEAST_ROW * NetloopIndex.DELTA_BYTES);
        this.found = objects.parts(memory, images -> load(Math.toIntExact(images)));
    }

    private long mostBytes() {
        return Math.min(MOST_BYTES, manifest.storedBytes() / SHARE);
    }

    /** Returns the delta that gives a block; null if none of the nearest images has it. */
    @Nullable Delta find(Digest block, int images) throws FetchException, InterruptedException {
        int there = Math.min(images, manifest.deltas().bases().size());
        return there < 1 ? null : found.get(there).get(block);
    }

    /**
     * A table of deltas of an earlier image, and the segment that says how the blocks are stored.
     */
    private record Table(Manifest image, DeltaTables.Table table, SegmentReference segment) {}

    private Map<Digest, Delta> load(int images) throws FetchException, InterruptedException {
        try (ExecutorService threads =
                Executors.newFixedThreadPool(WORKERS, Thread.ofVirtual().factory())) {
            List<Callable<@Nullable Manifest>> manifests = new ArrayList<>();
            for (Digest base : manifest.deltas().bases().subList(0, images)) {
                manifests.add(() -> manifest(base));
            }
            List<Callable<Map<Digest, Delta>>> tables = new ArrayList<>();
            for (Table table : affordable(all(threads, manifests))) {
                tables.add(() -> read(table));
            }
            Map<Digest, Delta> deltas = new HashMap<>();
            for (Map<Digest, Delta> some : all(threads, tables)) {
                some.forEach(deltas::putIfAbsent);
            }
            return deltas;
        }
    }

    private static <T extends @Nullable Object> List<T> all(
            ExecutorService threads, List<Callable<T>> tasks)
            throws FetchException, InterruptedException {
        List<T> results = new ArrayList<>();
        for (Future<T> task : threads.invokeAll(tasks)) {
            try {
                results.add(task.get());
            } catch (ExecutionException e) {
                throw e.getCause() instanceof FetchException failure
                        ? failure
                        : new FetchException.Unavailable("a table of deltas cannot be read", e);
            }
        }
        return results;
    }

    /** Returns the manifest of an earlier image of the same form; null if it is gone. */
    private @Nullable Manifest manifest(Digest image) throws FetchException, InterruptedException {
        String path = Layout.image(image);
        // Its length is not known, only the digest of its bytes.
        StoredBlock object =
                StoredBlock.chunk(image, 0, path, Manifest.USUAL_LENGTH, StoredBlock.PLAIN);
        try {
            Manifest read = Manifest.parse(path, objects.read(object, Manifest.USUAL_LENGTH));
            boolean alike =
                    read.spec().blockLength() == manifest.spec().blockLength()
                            && read.spec().digest() == manifest.spec().digest();
            return alike ? read : null;
        } catch (FetchException.Missing _) {
            return null; // nobody keeps it any more
        }
    }

    /** Returns the tables of the nearest images, as many as are not too much to read. */
    private List<Table> affordable(List<@Nullable Manifest> images) {
        List<Table> tables = new ArrayList<>();
        long left = mostBytes();
        for (Manifest image : images.stream().filter(Objects::nonNull).toList()) {
            Map<Long, SegmentReference> segments = segments(image);
            for (DeltaTables.Table table : image.deltas().tables()) {
                SegmentReference segment = segments.get(table.segment());
                left -= segment == null ? 0 : table.length() + segment.length();
                if (left < 0) {
                    return tables;
                }
                if (segment != null) {
                    tables.add(new Table(image, table, segment));
                }
            }
        }
        return tables;
    }

    /**
     * Returns the segments of an image by their numbers: of a large one there are many, and many
     * tables.
     */
    private static Map<Long, SegmentReference> segments(Manifest image) {
        return image.segments().stream()
                .collect(Collectors.toMap(SegmentReference::number, Function.identity()));
    }

    private Map<Digest, Delta> read(Table table) throws FetchException, InterruptedException {
        Manifest image = table.image();
        Map<Digest, Delta> deltas = new HashMap<>();
        try {
            @Nullable Delta[] stated =
                    table.table().read(EARLIER, image.size(), image.spec(), objects);
            Block[] blocks = table.segment().read(EARLIER, image.size(), image.spec(), objects);
            for (int i = 0; i < stated.length; i++) {
                Delta delta = stated[i];
                StoredBlock stored = blocks[i].storedOrNull();
                if (delta != null && stored != null) {
                    deltas.putIfAbsent(delta.plain(), delta);
                    deltas.putIfAbsent(stored.key(), delta);
                }
            }
        } catch (FetchException.Missing _) {
            // Nobody keeps it any more.
        }
        return deltas;
    }
}
