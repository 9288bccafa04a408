package org.netloop.format.netloop;

import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.index.ImageInfo;
import org.netloop.api.index.ImageSpec;
import org.netloop.api.index.IndexWriter;
import org.netloop.api.transport.Repository;
import org.netloop.api.transport.Repository.Kind;
import org.netloop.format.netloop.Manifest.SegmentReference;

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
    private ByteBuffer segment = Segment.begin(0);
    private boolean allHoles = true;
    private int count;
    private long blocks;
    private long end;

    NetloopWriter(Repository repository, ImageSpec spec) {
        this.repository = repository;
        this.spec = spec;
    }

    @Override
    public StoredBlock locate(Digest digest, int length, String codec) {
        return StoredBlock.object(digest, Layout.block(digest), length, codec);
    }

    @Override
    public void append(Block block) throws IOException {
        if (block.offset() != end
                || end % spec.blockLength() != 0
                || block.length() > spec.blockLength()) {
            throw new IllegalArgumentException(
                    "block at "
                            + block.offset()
                            + " of "
                            + block.length()
                            + " bytes does not follow "
                            + end);
        }
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

    private void writeSegment() throws IOException {
        long first = blocks - count;
        if (!allHoles) {
            ByteBuffer bytes = Segment.finish(segment, count);
            Digest digest = Digest.of(spec.digest(), bytes);
            int number = Math.toIntExact(first / Segment.BLOCKS);
            segments.add(new SegmentReference(number, digest, bytes.remaining()));
            repository.put(Layout.block(digest), bytes, Kind.IMMUTABLE);
        }
        segment = Segment.begin(blocks);
        allHoles = true;
        count = 0;
    }

    @Override
    public ImageInfo finish(long size) throws IOException {
        if (size != end) {
            throw new IllegalArgumentException(
                    "an image of " + size + " bytes has blocks up to " + end);
        }
        if (count > 0) {
            writeSegment();
        }
        repository.sync();
        Manifest manifest = new Manifest(size, spec, storedBytes.sum(), segments);
        ByteBuffer bytes = manifest.write();
        Digest digest = NetloopFormat.nameOf(bytes);
        repository.put(Layout.image(digest), bytes, Kind.IMMUTABLE);
        repository.sync();
        return manifest.info(digest);
    }

    @Override
    public void close() {
        // Segments without a manifest are blocks that nobody names: nothing has to be undone.
    }
}
