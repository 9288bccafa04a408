package org.netloop.format.netloop;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.Extent;
import org.netloop.api.index.ImageInfo;
import org.netloop.api.index.Index;
import org.netloop.api.index.ObjectReader;
import org.netloop.api.transport.FetchException;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;

/** An opened image: its manifest, and the segments that were asked for last. */
final class NetloopIndex implements Index {
    /** At most 0.8 MiB each (of SHA-512 throughout; 0.6 MiB of SHA-256). */
    private static final int SEGMENTS_KEPT = 64;

    private final Manifest manifest;
    private final ImageInfo image;
    private final ObjectReader objects;
    private final int blockShift;

    /** The numbers of the manifest's segments, ascending. */
    private final long[] numbers;

    private final Cache<SegmentReference, Block[]> loaded =
            Caffeine.newBuilder()
                    .maximumSize(SEGMENTS_KEPT)
                    .executor(Runnable::run) // only for its own short upkeep
                    .build();

    /** The segments being read now: whoever wants one of them waits for the one read. */
    private final ConcurrentMap<SegmentReference, CompletableFuture<Block[]>> flights =
            new ConcurrentHashMap<>();

    NetloopIndex(Manifest manifest, Digest digest, ObjectReader objects) {
        this.manifest = manifest;
        this.image = manifest.info(digest);
        this.objects = objects;
        this.blockShift = Integer.numberOfTrailingZeros(manifest.spec().blockLength());
        this.numbers = manifest.segments().stream().mapToLong(SegmentReference::number).toArray();
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

    /** As {@link Arrays#binarySearch(long[], long)} finds the segment of a block. */
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
        Block[] blocks = loaded.getIfPresent(manifest.segments().get(found));
        return blocks == null ? null : blocks[(int) (number % Segment.BLOCKS)];
    }

    @Override
    public Block block(long offset) throws FetchException, InterruptedException {
        long number = number(offset);
        int found = find(number);
        return found < 0 ? hole(number) : blocks(found)[(int) (number % Segment.BLOCKS)];
    }

    private Block[] blocks(int found) throws FetchException, InterruptedException {
        SegmentReference segment = manifest.segments().get(found);
        Block[] blocks = loaded.getIfPresent(segment);
        return blocks != null ? blocks : await(segment, flight(segment));
    }

    /** On a thread of its own, as whoever waits may be interrupted and the others still want it. */
    private CompletableFuture<Block[]> flight(SegmentReference segment) {
        CompletableFuture<Block[]> mine = new CompletableFuture<>();
        CompletableFuture<Block[]> other = flights.putIfAbsent(segment, mine);
        if (other != null) {
            return other;
        }
        Thread.ofVirtual().name("netloop-segment").start(() -> fly(segment, mine));
        return mine;
    }

    /** A flight leaves the map before it ends: what failed is asked for again by the next. */
    private void fly(SegmentReference segment, CompletableFuture<Block[]> flight) {
        try {
            Block[] blocks = loaded.getIfPresent(segment); // by a flight that just ended
            if (blocks == null) {
                blocks = load(segment);
                loaded.put(segment, blocks);
            }
            flights.remove(segment);
            flight.complete(blocks);
        } catch (Throwable e) { // whatever a reader throws, nobody waits for ever
            flights.remove(segment);
            flight.completeExceptionally(e);
        }
    }

    private Block[] await(SegmentReference segment, CompletableFuture<Block[]> flight)
            throws FetchException, InterruptedException {
        try {
            return flight.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof FetchException failure) {
                throw failure;
            }
            throw new FetchException.Unavailable(
                    name(segment) + " cannot be had: " + e.getCause(), e);
        }
    }

    private String name(SegmentReference segment) {
        return "segment " + segment.number() + " of image " + image.digest().brief();
    }

    private Block[] load(SegmentReference segment) throws FetchException, InterruptedException {
        ByteBuffer bytes = objects.read(segment.object(), segment.plainLength());
        if (bytes.remaining() != segment.plainLength()) {
            throw new FetchException.Corrupt(
                    name(segment)
                            + " has "
                            + bytes.remaining()
                            + " bytes, not "
                            + segment.plainLength());
        }
        return Segment.parse(
                name(segment), bytes, segment.number(), manifest.size(), manifest.spec());
    }

    @Override
    public Extent extent(long offset) throws FetchException, InterruptedException {
        long number = number(offset);
        int found = find(number);
        if (found < 0) {
            return extent(offset, endOfAbsent(-found - 1), true);
        }
        Block[] blocks = blocks(found);
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
