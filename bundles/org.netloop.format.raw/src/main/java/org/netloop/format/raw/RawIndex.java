package org.netloop.format.raw;

import org.netloop.api.block.Block;
import org.netloop.api.block.Extent;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.block.Verification;
import org.netloop.api.index.ImageInfo;
import org.netloop.api.index.Index;
import org.netloop.api.index.ObjectVersion;

import java.util.Map;
import java.util.Objects;

/** A file cut into blocks where it lies. All of it is data, as nobody tells where it has holes. */
final class RawIndex implements Index {
    /** Length of a block, as in a packed image: a random read fetches no more than there. */
    static final int BLOCK = 256 << 10;

    private final ObjectVersion file;
    private final ImageInfo image;

    /**
     * @param file of at least one byte
     */
    RawIndex(ObjectVersion file) {
        this.file = file;
        this.image =
                new ImageInfo(
                        file.image(RawFormat.ID),
                        RawFormat.ID,
                        file.length(),
                        (int) Math.min(BLOCK, file.length()),
                        StoredBlock.PLAIN,
                        null,
                        file.length(),
                        Map.of(),
                        Verification.NONE);
    }

    @Override
    public ImageInfo image() {
        return image;
    }

    @Override
    public Block block(long offset) {
        Objects.checkIndex(offset, file.length());
        long begin = offset & -BLOCK;
        int length = (int) Math.min(BLOCK, file.length() - begin);
        return new Block(begin, length, file.range(begin, length, length, StoredBlock.PLAIN));
    }

    @Override
    public Block blockIfLoaded(long offset) {
        return block(offset);
    }

    @Override
    public Extent extent(long offset) {
        Objects.checkIndex(offset, file.length());
        return new Extent(offset, file.length() - offset, false);
    }
}
