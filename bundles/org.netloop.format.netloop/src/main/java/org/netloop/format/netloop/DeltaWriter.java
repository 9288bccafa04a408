package org.netloop.format.netloop;

import org.netloop.api.block.Digest;
import org.netloop.api.index.Delta;
import org.netloop.api.index.ImageSpec;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.Repository;
import org.netloop.api.transport.Repository.Kind;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;

/**
 * Collects the deltas of an image into objects, and writes each table once all objects that it
 * names are stored. Memory is bounded by the length of an object and the number of tables that
 * wait. Used by one thread.
 */
final class DeltaWriter {
    private static final int MOST_WAITING = 64;

    private final Repository repository;
    private final ImageSpec spec;
    private final Digest base;
    private final List<DeltaObject> objects = new ArrayList<>();
    private final List<DeltaTables.Table> tables = new ArrayList<>();
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private List<DeltaEntry> entries = new ArrayList<>();
    private ByteArrayOutputStream object = new ByteArrayOutputStream();

    /** A table whose last object is not stored yet. */
    private record Waiting(long segment, List<DeltaEntry> entries) {}

    /**
     * @param base the image to whose blocks the deltas refer
     */
    DeltaWriter(Repository repository, ImageSpec spec, Digest base) {
        this.repository = repository;
        this.spec = spec;
        this.base = base;
    }

    /** Returns the image to whose blocks the deltas refer. */
    Digest base() {
        return base;
    }

    /**
     * Adds the delta of a block.
     *
     * @param block which block of the present segment it gives
     */
    void add(int block, Delta.Made made) throws IOException {
        if (!made.codec().equals(spec.codec())) {
            throw new IllegalArgumentException(
                    "a delta of codec " + made.codec() + " in an image of " + spec.codec());
        }
        ByteBuffer bytes = made.bytes();
        int length = bytes.remaining();
        if (object.size() > DeltaObject.MAX_LENGTH - length) {
            storeObject();
        }
        entries.add(
                new DeltaEntry(
                        block,
                        objects.size(),
                        object.size(),
                        length,
                        Digest.of(spec.digest(), bytes.duplicate()),
                        made.plain(),
                        made.bases()));
        byte[] copy = new byte[length];
        bytes.get(copy);
        object.write(copy, 0, length);
    }

    /** Ends a segment. */
    void endSegment(long segment) throws IOException {
        if (entries.isEmpty()) {
            return;
        }
        waiting.add(new Waiting(segment, entries));
        entries = new ArrayList<>();
        if (waiting.size() > MOST_WAITING) {
            storeObject();
        }
        storeTables();
    }

    private void storeObject() throws IOException {
        if (object.size() > 0) {
            ByteBuffer bytes = ByteBuffer.wrap(object.toByteArray());
            Digest digest = Digest.of(spec.digest(), bytes.duplicate());
            objects.add(new DeltaObject(digest, bytes.remaining()));
            repository.putOnce(Layout.block(digest), bytes, Kind.BLOCK);
            object = new ByteArrayOutputStream();
        }
    }

    private void storeTables() throws IOException {
        while (!waiting.isEmpty()
                && waiting.getFirst().entries().getLast().object() < objects.size()) {
            Waiting next = waiting.removeFirst();
            ByteBuffer bytes = DeltaTable.write(spec, next.segment(), next.entries(), objects);
            Digest digest = Digest.of(spec.digest(), bytes.duplicate());
            tables.add(new DeltaTables.Table(next.segment(), digest, bytes.remaining()));
            repository.putOnce(Layout.block(digest), bytes, Kind.BLOCK);
        }
    }

    /** Stores the rest, and returns what the manifest states. */
    DeltaTables finish() throws IOException {
        storeObject();
        storeTables();
        return tables.isEmpty() ? DeltaTables.NONE : new DeltaTables(bases(), tables);
    }

    /** The base, and the images to which its own deltas refer. */
    private List<Digest> bases() throws IOException {
        return Stream.concat(Stream.of(base), baseManifest().deltas().bases().stream())
                .distinct()
                .limit(DeltaTables.MOST_BASES)
                .toList();
    }

    /** Reads the manifest of the base. */
    Manifest baseManifest() throws IOException {
        String path = Layout.image(base);
        ByteBuffer bytes = repository.read(path, Manifest.MAX_LENGTH);
        return NetloopFormat.parse(path, base, bytes);
    }

    /**
     * Returns the manifest of an image without deltas; that of the base if it is the same image, so
     * that publishing an image again gives it no second name.
     */
    Manifest sameOr(Manifest plain) throws IOException {
        try {
            Manifest before = baseManifest();
            return before.without().equals(plain) ? before : plain;
        } catch (FetchException.Missing _) {
            return plain;
        }
    }
}
