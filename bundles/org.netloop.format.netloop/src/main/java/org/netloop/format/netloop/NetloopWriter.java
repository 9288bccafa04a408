package org.netloop.format.netloop;

import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.index.ImageInfo;
import org.netloop.api.index.ImageSpec;
import org.netloop.api.index.IndexWriter;
import org.netloop.api.transport.Repository;
import org.netloop.api.transport.Repository.Kind;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

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
    private long end;

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
        this.segment = Segment.begin(spec.digest(), 0);
    }

    @Override
    public StoredBlock locate(Digest digest, int length, String codec) {
        return StoredBlock.object(digest, Layout.block(digest), length, codec);
    }

    @Override
    public void append(Block block) throws IOException {
        checkUsable();
        check(block);
        end = block.end();
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

    private void checkUsable() {
        if (!usable) {
            throw new IllegalStateException("this index is finished, or could not be written");
        }
    }

    private void check(Block block) {
        if (block.offset() != end
                || end % spec.blockLength() != 0
                || block.length() > spec.blockLength()
                || block.end() > Manifest.MAX_SIZE) {
            throw new IllegalArgumentException(
                    "block at "
                            + block.offset()
                            + " of "
                            + block.length()
                            + " bytes does not follow "
                            + end
                            + " in an image of blocks of "
                            + spec.blockLength());
        }
        StoredBlock stored = block.storedOrNull();
        if (stored != null && !fits(stored, block.length())) {
            throw new IllegalArgumentException(
                    "block at " + block.offset() + " is not stored as it was located: " + stored);
        }
    }

    private boolean fits(StoredBlock stored, int length) {
        return stored.key().algorithm() == spec.digest()
                && (stored.codec().equals(spec.codec()) || stored.codec().equals(StoredBlock.PLAIN))
                && Segment.isPossible(stored.length(), length, stored.codec())
                && stored.equals(locate(stored.key(), stored.length(), stored.codec()));
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
        if (size != end) {
            throw new IllegalArgumentException(
                    "an image of " + size + " bytes has blocks up to " + end);
        }
        if (count > 0) {
            writeSegment();
        }
        usable = false;
        Manifest manifest = new Manifest(size, spec, storedBytes.sum(), segments);
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

    @Override
    public void close() {
        usable = false; // segments without a manifest are named by nobody: nothing to undo
    }
}
