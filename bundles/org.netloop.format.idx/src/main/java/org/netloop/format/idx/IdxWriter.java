package org.netloop.format.idx;

import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.index.BlockOrder;
import org.netloop.api.index.ImageInfo;
import org.netloop.api.index.ImageSpec;
import org.netloop.api.index.IndexWriter;
import org.netloop.api.transport.Repository;
import org.netloop.api.transport.Repository.Kind;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Writes parts as they fill, and the image's root when all that it names is durable. */
final class IdxWriter implements IndexWriter {
    private final Repository repository;
    private final ImageSpec spec;
    private final List<Root.Reference> parts = new ArrayList<>();
    private final List<Block> pending = new ArrayList<>(Part.BLOCKS);
    private long written;
    private final BlockOrder order;

    /** False while something is being put: what failed is never named by a root. */
    private boolean usable = true;

    /**
     * @throws IllegalArgumentException if codec or labels are none that could be read back
     */
    IdxWriter(Repository repository, ImageSpec spec) {
        this.repository = repository;
        this.spec = new Root(0, spec, List.of()).spec();
        this.order = new BlockOrder(this, this.spec, Root.MAX_SIZE);
    }

    @Override
    public StoredBlock locate(Digest digest, int length, String codec) {
        return StoredBlock.object(digest, Layout.block(digest), length, codec);
    }

    @Override
    public void append(Block block) throws IOException {
        checkUsable();
        order.take(block);
        pending.add(block);
        if (pending.size() == Part.BLOCKS) {
            writePart();
        }
    }

    private void checkUsable() {
        if (!usable) {
            throw new IllegalStateException("this index is finished, or could not be written");
        }
    }

    private void writePart() throws IOException {
        if (!pending.stream().allMatch(Block::isHole)) {
            ByteBuffer bytes = Part.write(pending, pending.size(), written, spec);
            Digest digest = Digest.of(spec.digest(), bytes);
            usable = false;
            repository.putOnce(Layout.block(digest), bytes, Kind.BLOCK);
            usable = true;
            parts.add(new Root.Reference(Math.toIntExact(written / Part.BLOCKS), digest));
        }
        written += pending.size();
        pending.clear();
    }

    @Override
    public ImageInfo finish(long size) throws IOException {
        checkUsable();
        order.end(size);
        if (!pending.isEmpty()) {
            writePart();
        }
        usable = false;
        Root root = new Root(size, spec, parts);
        ByteBuffer file = root.write(0);
        if (file.remaining() > Root.MAX_LENGTH) {
            throw new IOException(
                    "an image of "
                            + size
                            + " bytes has a root of "
                            + file.remaining()
                            + ", more than "
                            + Root.MAX_LENGTH
                            + ": choose a larger block size than "
                            + spec.blockLength());
        }
        Digest image = Root.nameOf(file);
        repository.sync();
        repository.putOnce(Layout.image(image), file, Kind.DOCUMENT);
        repository.sync();
        return root.info(image);
    }

    @Override
    public void close() {
        usable = false; // parts without a root are named by nobody: nothing to undo
    }
}
