package org.netloop.format.idx;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.Extent;
import org.netloop.api.block.StoredBlock;
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
import java.util.concurrent.atomic.AtomicReferenceArray;

/** An opened image: its root, and the parts of its index that were asked for last. */
final class IdxIndex implements Index {
    /** At most 0.8 MiB each. A part has one slot it may be kept in, that of its number. */
    private static final int SLOTS = 32;

    private final Root root;
    private final ImageInfo image;
    private final ObjectReader objects;
    private final int blockShift;

    /** The numbers of the root's parts, ascending. */
    private final int[] numbers;

    private final AtomicReferenceArray<@Nullable Loaded> slots = new AtomicReferenceArray<>(SLOTS);

    /** The parts being read now, by their place in the root. */
    private final ConcurrentMap<Integer, CompletableFuture<Loaded>> flights =
            new ConcurrentHashMap<>();

    private static final class Loaded {
        final int part;
        final Block[] blocks;

        Loaded(int part, Block[] blocks) {
            this.part = part;
            this.blocks = blocks;
        }
    }

    IdxIndex(Root root, Digest digest, ObjectReader objects) {
        this.root = root;
        this.image = root.info(digest);
        this.objects = objects;
        this.blockShift = Integer.numberOfTrailingZeros(root.spec().blockLength());
        this.numbers = root.parts().stream().mapToInt(Root.Reference::number).toArray();
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

    private @Nullable Loaded loaded(int part) {
        Loaded loaded = slots.get(part % SLOTS);
        return loaded != null && loaded.part == part ? loaded : null;
    }

    @Override
    public @Nullable Block blockIfLoaded(long offset) {
        long number = number(offset);
        int part = find(number);
        if (part < 0) {
            return hole(number);
        }
        Loaded loaded = loaded(part);
        return loaded == null ? null : loaded.blocks[(int) (number % Part.BLOCKS)];
    }

    @Override
    public Block block(long offset) throws FetchException, InterruptedException {
        long number = number(offset);
        int part = find(number);
        return part < 0 ? hole(number) : blocks(part)[(int) (number % Part.BLOCKS)];
    }

    private Block[] blocks(int part) throws FetchException, InterruptedException {
        Loaded loaded = loaded(part);
        if (loaded != null) {
            return loaded.blocks;
        }
        CompletableFuture<Loaded> mine = new CompletableFuture<>();
        CompletableFuture<Loaded> other = flights.putIfAbsent(part, mine);
        if (other == null) {
            // On a thread of its own: whoever waits may be interrupted, and others still want it.
            Thread.ofVirtual().name("netloop-part").start(() -> fly(part, mine));
        }
        return await(part, other == null ? mine : other).blocks;
    }

    /** A flight leaves the map before it ends: what failed is asked for again by the next. */
    private void fly(int part, CompletableFuture<Loaded> flight) {
        try {
            Loaded loaded = loaded(part); // by a flight that just ended
            if (loaded == null) {
                loaded = load(part);
                slots.set(part % SLOTS, loaded);
            }
            flights.remove(part);
            flight.complete(loaded);
        } catch (Throwable e) { // whatever a reader throws, nobody waits for ever
            flights.remove(part);
            flight.completeExceptionally(e);
        }
    }

    private Loaded await(int part, CompletableFuture<Loaded> flight)
            throws FetchException, InterruptedException {
        try {
            return flight.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof FetchException failure) {
                throw failure;
            }
            throw new FetchException.Unavailable(name(part) + " cannot be had: " + e.getCause(), e);
        }
    }

    private String name(int part) {
        return "part " + numbers[part] + " of image " + image.digest().brief();
    }

    private Loaded load(int part) throws FetchException, InterruptedException {
        long first = (long) numbers[part] * Part.BLOCKS;
        long blocks = Part.blocks(root.size(), root.spec().blockLength());
        int count = (int) Math.min(Part.BLOCKS, blocks - first);
        int length = Part.length(count, root.spec().digest());
        Digest digest = root.parts().get(part).digest();
        ByteBuffer bytes =
                objects.read(
                        StoredBlock.object(digest, Layout.block(digest), length, StoredBlock.PLAIN),
                        length);
        if (bytes.remaining() != length) {
            throw new FetchException.Corrupt(
                    name(part) + " has " + bytes.remaining() + " bytes, not " + length);
        }
        return new Loaded(
                part,
                Part.parse(name(part), bytes.duplicate(), first, count, root.size(), root.spec()));
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
        Block[] blocks = blocks(part);
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
