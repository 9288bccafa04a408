package org.netloop.format.idx;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.Extent;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.index.ImageInfo;
import org.netloop.api.index.Index;
import org.netloop.api.index.ObjectReader;
import org.netloop.api.index.Parts;
import org.netloop.api.transport.FetchException;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** An opened image: its root, and the parts of its index that were asked for last. */
final class IdxIndex implements Index {
    /** Memory of a block that is held in a part, with the longest digest there is. */
    private static final int BLOCK_BYTES = 400;

    private final Root root;
    private final ImageInfo image;
    private final ObjectReader objects;
    private final int blockShift;

    /** The numbers of the root's parts, ascending. */
    private final int[] numbers;

    private final Parts<Block[]> parts;

    IdxIndex(Root root, Digest digest, ObjectReader objects) {
        this.root = root;
        this.image = root.info(digest);
        this.objects = objects;
        this.blockShift = Integer.numberOfTrailingZeros(root.spec().blockLength());
        this.numbers = root.parts().stream().mapToInt(Root.Reference::number).toArray();
        long blocks = Part.blocks(root.size(), root.spec().blockLength());
        int inPart = Math.clamp(blocks, 1, Part.BLOCKS);
        this.parts = objects.parts(BLOCK_BYTES * inPart, this::load);
    }

    @Override
    public ImageInfo image() {
        return image;
    }

    private long number(long offset) {
        if (offset < 0 || offset >= root.size()) {
            throw new IndexOutOfBoundsException(
                    "offset " + offset + " is outside of the image's " + root.size() + " bytes");
        }
        return offset >> blockShift;
    }

    /** The place of a block's part in the root; as {@link Arrays#binarySearch} if absent. */
    private int find(long number) {
        return Arrays.binarySearch(numbers, (int) (number / Part.BLOCKS));
    }

    private Block hole(long number) {
        long offset = number << blockShift;
        return new Block(offset, (int) Math.min(1L << blockShift, root.size() - offset), null);
    }

    @Override
    public @Nullable Block blockIfLoaded(long offset) {
        long number = number(offset);
        int part = find(number);
        if (part < 0) {
            return hole(number);
        }
        Block[] blocks = parts.ifLoaded(part);
        return blocks == null ? null : blocks[(int) (number % Part.BLOCKS)];
    }

    @Override
    public Block block(long offset) throws FetchException, InterruptedException {
        long number = number(offset);
        int part = find(number);
        return part < 0 ? hole(number) : parts.get(part)[(int) (number % Part.BLOCKS)];
    }

    private String name(int part) {
        return "part " + numbers[part] + " of image " + image.digest().brief();
    }

    private Block[] load(long place) throws FetchException, InterruptedException {
        int part = (int) place;
        int length = Part.length(numbers[part], root);
        Digest digest = root.parts().get(part).digest();
        ByteBuffer bytes =
                objects.read(
                        StoredBlock.object(digest, Layout.block(digest), length, StoredBlock.PLAIN),
                        length);
        if (bytes.remaining() != length) {
            throw new FetchException.Corrupt(
                    name(part) + " has " + bytes.remaining() + " bytes, not " + length);
        }
        return Part.parse(name(part), bytes.duplicate(), numbers[part], root);
    }

    @Override
    public Extent extent(long offset) throws FetchException, InterruptedException {
        long number = number(offset);
        int part = find(number);
        if (part < 0) {
            int next = -part - 1;
            return extent(
                    offset,
                    next < numbers.length ? (long) numbers[next] * Part.BLOCKS : Long.MAX_VALUE,
                    true);
        }
        Block[] blocks = parts.get(part);
        int at = (int) (number % Part.BLOCKS);
        int end = at + 1;
        while (end < blocks.length && blocks[end].isHole() == blocks[at].isHole()) {
            end++;
        }
        return extent(offset, number - at + end, blocks[at].isHole());
    }

    private Extent extent(long offset, long endBlock, boolean hole) {
        long lastBlock = (root.size() - 1) >> blockShift;
        long end = endBlock > lastBlock ? root.size() : endBlock << blockShift;
        return new Extent(offset, end - offset, hole);
    }
}
