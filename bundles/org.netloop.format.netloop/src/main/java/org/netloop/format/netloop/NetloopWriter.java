package org.netloop.format.netloop;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.index.BlockOrder;
import org.netloop.api.index.Delta;
import org.netloop.api.index.ImageInfo;
import org.netloop.api.index.ImageSpec;
import org.netloop.api.index.IndexWriter;
import org.netloop.api.transport.Repository;
import org.netloop.api.transport.Repository.Kind;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Writes segments as they fill, and the manifest when all that it names is durable. */
final class NetloopWriter implements IndexWriter {
    private final Repository repository;
    private final ImageSpec spec;
    private final List<SegmentReference> segments = new ArrayList<>();
    private final DistinctBytes storedBytes = new DistinctBytes();
    private ByteBuffer segment;
    private boolean allHoles = true;
    private int count;
    private long blocks;
    private final BlockOrder order;

    /** Null if no deltas are made. */
    private @Nullable DeltaWriter deltas;

    /** False while something is being put: what failed is never named by a manifest. */
    private boolean usable = true;

    /**
     * Begins an image.
     *
     * @throws IllegalArgumentException if codec or labels are none that could be read back
     */
    NetloopWriter(Repository repository, ImageSpec spec) {
        this.repository = repository;
        this.spec = new Manifest(0, spec, 0, List.of()).spec();
        this.order = new BlockOrder(this, this.spec, Manifest.MAX_SIZE);
        this.segment = Segment.begin(spec.digest(), 0);
    }

    @Override
    public StoredBlock locate(Digest digest, int length, String codec) {
        return StoredBlock.object(digest, Layout.block(digest), length, codec);
    }

    @Override
    public void append(Block block) throws IOException {
        checkUsable();
        order.take(block);
        Segment.append(segment, block);
        StoredBlock stored = block.storedOrNull();
        if (stored != null) {
            allHoles = false;
            storedBytes.add(stored);
        }
        count++;
        blocks++;
        if (count == Segment.BLOCKS) {
            writeSegment();
        }
    }

    @Override
    public boolean takesDeltas(Digest base) {
        deltas = new DeltaWriter(repository, spec, base);
        return true;
    }

    @Override
    public void append(Block block, Delta.Made delta) throws IOException {
        checkUsable();
        usable = false;
        Objects.requireNonNull(deltas, "no image to refer to was given").add(count, delta);
        usable = true;
        append(block);
    }

    private void checkUsable() {
        if (!usable) {
            throw new IllegalStateException("this index is finished, or could not be written");
        }
    }

    private void writeSegment() throws IOException {
        long first = blocks - count;
        if (!allHoles) {
            ByteBuffer bytes = Segment.finish(segment, count);
            Digest digest = Digest.of(spec.digest(), bytes);
            int length = bytes.remaining();
            put(Layout.block(digest), bytes);
            segments.add(
                    new SegmentReference(
                            first / Segment.BLOCKS, digest, length, length, StoredBlock.PLAIN));
        }
        if (deltas != null) {
            usable = false;
            deltas.endSegment(first / Segment.BLOCKS);
            usable = true;
        }
        segment = Segment.begin(spec.digest(), blocks);
        allHoles = true;
        count = 0;
    }

    private void put(String path, ByteBuffer bytes) throws IOException {
        usable = false;
        repository.putOnce(path, bytes, Kind.BLOCK);
        usable = true;
    }

    @Override
    public ImageInfo finish(long size) throws IOException {
        checkUsable();
        order.end(size);
        if (count > 0) {
            writeSegment();
        }
        usable = false;
        Manifest manifest = manifest(size);
        ByteBuffer bytes = manifest.write();
        if (bytes.remaining() > Manifest.MAX_LENGTH) {
            throw new IOException(
                    "an image of "
                            + size
                            + " bytes has a manifest of "
                            + bytes.remaining()
                            + ", more than "
                            + Manifest.MAX_LENGTH
                            + ": choose a larger block size than "
                            + spec.blockLength());
        }
        repository.sync();
        Digest digest = NetloopFormat.nameOf(bytes);
        repository.putOnce(Layout.image(digest), bytes, Kind.DOCUMENT);
        repository.sync();
        return manifest.info(digest);
    }

    private Manifest manifest(long size) throws IOException {
        Manifest plain = new Manifest(size, spec, storedBytes.sum(), segments);
        if (deltas == null) {
            return plain;
        }
        DeltaTables tables = deltas.finish();
        return tables.isEmpty()
                ? deltas.sameOr(plain)
                : new Manifest(size, spec, storedBytes.sum(), segments, tables);
    }

    @Override
    public void close() {
        usable = false; // segments without a manifest are named by nobody: nothing to undo
    }
}
