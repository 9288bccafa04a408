package org.netloop.tck;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.block.Extent;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.block.Verification;
import org.netloop.api.index.ImageInfo;
import org.netloop.api.index.Index;
import org.netloop.api.volume.Recording;
import org.netloop.api.volume.Volumes.OpenVolume;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** An opened image in memory, with the map of its blocks. Thread-safe. */
public final class MemoryImage implements OpenVolume {
    private final ImageInfo image;
    private final List<Block> blocks;
    private final byte[] bytes;

    /**
     * Creates an image.
     *
     * @param blocks its blocks, in ascending order, all of the image's block length but the last
     * @param bytes its content, not copied
     */
    public MemoryImage(ImageInfo image, List<Block> blocks, byte[] bytes) {
        this.image = image;
        this.blocks = List.copyOf(blocks);
        this.bytes = bytes;
    }

    /** Creates an image of these bytes; its blocks are stored as they are, those of zeros too. */
    public static MemoryImage of(int blockLength, byte[] bytes) {
        List<Block> blocks = new ArrayList<>();
        for (int at = 0; at < bytes.length; at += blockLength) {
            int length = Math.min(blockLength, bytes.length - at);
            Digest name = Digest.of(DigestAlgorithm.SHA256, ByteBuffer.wrap(bytes, at, length));
            blocks.add(
                    new Block(
                            at,
                            length,
                            StoredBlock.object(name, name.hex(), length, StoredBlock.PLAIN)));
        }
        Digest digest = Digest.of(DigestAlgorithm.SHA256, ByteBuffer.wrap(bytes));
        return new MemoryImage(
                new ImageInfo(
                        digest,
                        "memory",
                        bytes.length,
                        blockLength,
                        StoredBlock.PLAIN,
                        null,
                        -1,
                        Map.of(),
                        Verification.STORED),
                blocks,
                bytes);
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public ImageInfo image() {
        return image;
    }

    @Override
    public Index index() {
        return new Index() {
            @Override
            public ImageInfo image() {
                return image;
            }

            @Override
            public Block block(long offset) {
                Objects.checkIndex(offset, image.size());
                return blocks.get((int) (offset / image.maxBlockLength()));
            }

            @Override
            public @Nullable Block blockIfLoaded(long offset) {
                return block(offset);
            }

            @Override
            public Extent extent(long offset) {
                Block block = block(offset);
                return new Extent(offset, block.end() - offset, block.isHole());
            }
        };
    }

    @Override
    public void read(long offset, ByteBuffer into) {
        Objects.checkFromIndexSize(offset, into.remaining(), image.size());
        into.put(bytes, (int) offset, into.remaining());
    }

    @Override
    public boolean readIfPresent(long offset, ByteBuffer into) {
        read(offset, into);
        return true;
    }

    @Override
    public Extent extent(long offset, long length) {
        Objects.checkFromIndexSize(offset, length, image.size());
        Block block = blocks.get((int) (offset / image.maxBlockLength()));
        return new Extent(offset, Math.min(length, block.end() - offset), block.isHole());
    }

    @Override
    public Block verify(long offset) {
        return blocks.get((int) (offset / image.maxBlockLength()));
    }

    @Override
    public Recording record(String name) {
        throw new UnsupportedOperationException("reads are not recorded");
    }

    @Override
    public void close() {
        // nothing is open
    }
}
