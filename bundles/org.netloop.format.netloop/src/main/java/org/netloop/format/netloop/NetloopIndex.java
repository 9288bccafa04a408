package org.netloop.format.netloop;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.Extent;
import org.netloop.api.index.Delta;
import org.netloop.api.index.ImageInfo;
import org.netloop.api.index.Index;
import org.netloop.api.index.ObjectReader;
import org.netloop.api.index.Parts;
import org.netloop.api.transport.FetchException;

import java.util.Arrays;
import java.util.List;

/** An opened image: its manifest, and the segments that were asked for last. */
final class NetloopIndex implements Index {
    /** Memory of a block that is held in a segment, with the longest digest there is. */
    private static final int BLOCK_BYTES = 400;

    /** Memory of a delta that is held in a table, with the blocks it refers to. */
    static final int DELTA_BYTES = 1200;

    private final Manifest manifest;
    private final ImageInfo image;
    private final ObjectReader objects;
    private final int blockShift;

    /** The numbers of the manifest's segments, ascending. */
    private final long[] numbers;

    /** Segments by their place in the manifest. */
    private final Parts<Block[]> segments;

    /** The segments that have a table of deltas, ascending. */
    private final long[] deltaNumbers;

    /** Tables of deltas by their place in the manifest. */
    private final Parts<@Nullable Delta[]> deltas;

    private final EarlierDeltas earlier;

    NetloopIndex(Manifest manifest, Digest digest, ObjectReader objects) {
        this.manifest = manifest;
        this.image = manifest.info(digest);
        this.objects = objects;
        this.blockShift = Integer.numberOfTrailingZeros(manifest.spec().blockLength());
        this.numbers = manifest.segments().stream().mapToLong(SegmentReference::number).toArray();
        this.segments = objects.parts(BLOCK_BYTES * blocksInSegment(manifest), this::load);
        this.deltaNumbers =
                manifest.deltas().tables().stream().mapToLong(DeltaTables.Table::segment).toArray();
        this.deltas = objects.parts(DELTA_BYTES * blocksInSegment(manifest), this::loadDeltas);
        this.earlier = new EarlierDeltas(manifest, objects);
    }

    private static int blocksInSegment(Manifest manifest) {
        long blocks = Math.ceilDiv(manifest.size(), (long) manifest.spec().blockLength());
        return Math.clamp(blocks, 1, Segment.BLOCKS);
    }

    @Override
    public ImageInfo image() {
        return image;
    }

    /** The number of the block at an offset. */
    private long number(long offset) {
        if (offset < 0 || offset >= manifest.size()) {
            throw new IndexOutOfBoundsException(
                    "offset "
                            + offset
                            + " is outside of the image's "
                            + manifest.size()
                            + " bytes");
        }
        return offset >> blockShift;
    }

    /**
     * Finds the segment of a block, with the result of {@link Arrays#binarySearch(long[], long)}.
     */
    private int find(long number) {
        return Arrays.binarySearch(numbers, number / Segment.BLOCKS);
    }

    private Block hole(long number) {
        long offset = number << blockShift;
        return new Block(offset, (int) Math.min(1L << blockShift, manifest.size() - offset), null);
    }

    @Override
    public @Nullable Block blockIfLoaded(long offset) {
        long number = number(offset);
        int found = find(number);
        if (found < 0) {
            return hole(number);
        }
        Block[] blocks = segments.ifLoaded(found);
        return blocks == null ? null : blocks[(int) (number % Segment.BLOCKS)];
    }

    @Override
    public Block block(long offset) throws FetchException, InterruptedException {
        long number = number(offset);
        int found = find(number);
        return found < 0 ? hole(number) : segments.get(found)[(int) (number % Segment.BLOCKS)];
    }

    @Override
    public List<Digest> deltaBases() {
        return manifest.deltas().bases();
    }

    @Override
    public @Nullable Delta delta(long offset) throws FetchException, InterruptedException {
        long number = number(offset);
        int found = Arrays.binarySearch(deltaNumbers, number / Segment.BLOCKS);
        return found < 0 ? null : deltas.get(found)[(int) (number % Segment.BLOCKS)];
    }

    private @Nullable Delta[] loadDeltas(long place) throws FetchException, InterruptedException {
        DeltaTables.Table table = manifest.deltas().tables().get((int) place);
        String name = "image " + image.digest().brief();
        return table.read(name, manifest.size(), manifest.spec(), objects);
    }

    @Override
    public @Nullable Delta earlierDelta(Digest block, int images)
            throws FetchException, InterruptedException {
        return earlier.find(block, images);
    }

    private Block[] load(long place) throws FetchException, InterruptedException {
        SegmentReference segment = manifest.segments().get((int) place);
        String name = "image " + image.digest().brief();
        return segment.read(name, manifest.size(), manifest.spec(), objects);
    }

    @Override
    public Extent extent(long offset) throws FetchException, InterruptedException {
        long number = number(offset);
        int found = find(number);
        if (found < 0) {
            return extent(offset, endOfAbsent(-found - 1), true);
        }
        Block[] blocks = segments.get(found);
        int at = (int) (number % Segment.BLOCKS);
        int end = at + 1;
        while (end < blocks.length && blocks[end].isHole() == blocks[at].isHole()) {
            end++;
        }
        boolean hole = blocks[at].isHole();
        boolean goesOn = hole && end == Segment.BLOCKS && !isNeighbour(found, found + 1);
        return extent(offset, goesOn ? endOfAbsent(found + 1) : number - at + end, hole);
    }

    private boolean isNeighbour(int segment, int next) {
        return next < numbers.length && numbers[next] == numbers[segment] + 1;
    }

    /** The number of the block that ends a run of absent segments before that present one. */
    private long endOfAbsent(int next) {
        return next < numbers.length ? numbers[next] * Segment.BLOCKS : Long.MAX_VALUE;
    }

    private Extent extent(long offset, long endBlock, boolean hole) {
        long lastBlock = (manifest.size() - 1) >> blockShift;
        long end = endBlock > lastBlock ? manifest.size() : endBlock << blockShift;
        return new Extent(offset, end - offset, hole);
    }
}
