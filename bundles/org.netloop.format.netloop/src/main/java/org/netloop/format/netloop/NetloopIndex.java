package org.netloop.format.netloop;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.Extent;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.index.ImageInfo;
import org.netloop.api.index.Index;
import org.netloop.api.index.ObjectReader;
import org.netloop.api.transport.FetchException;
import org.netloop.format.netloop.Manifest.SegmentReference;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;

/** An opened image: its manifest, and the segments that were asked for last. */
final class NetloopIndex implements Index {
    /** Some 0.6 MiB each. */
    private static final int SEGMENTS_KEPT = 64;

    private static final Executor LOADERS =
            task -> Thread.ofVirtual().name("netloop-segment").start(task);

    private final Manifest manifest;
    private final ImageInfo image;
    private final ObjectReader objects;

    /** By number; null where all blocks are holes. The objects are the keys of the cache. */
    private final @Nullable SegmentReference[] segments;

    private final AsyncCache<SegmentReference, Block[]> loaded =
            Caffeine.newBuilder().maximumSize(SEGMENTS_KEPT).executor(LOADERS).buildAsync();

    NetloopIndex(Manifest manifest, Digest digest, ObjectReader objects) {
        this.manifest = manifest;
        this.image = manifest.info(digest);
        this.objects = objects;
        int last = manifest.segments().isEmpty() ? -1 : manifest.segments().getLast().number();
        this.segments = new @Nullable SegmentReference[last + 1];
        manifest.segments().forEach(segment -> segments[segment.number()] = segment);
    }

    @Override
    public ImageInfo image() {
        return image;
    }

    private long number(long offset) {
        if (offset < 0 || offset >= manifest.size()) {
            throw new IndexOutOfBoundsException(
                    "offset "
                            + offset
                            + " is outside of the image's "
                            + manifest.size()
                            + " bytes");
        }
        return offset / manifest.spec().blockLength();
    }

    private @Nullable SegmentReference segment(long number) {
        long segment = number / Segment.BLOCKS;
        return segment < segments.length ? segments[(int) segment] : null;
    }

    private Block hole(long number) {
        long offset = number * manifest.spec().blockLength();
        return new Block(
                offset,
                (int) Math.min(manifest.spec().blockLength(), manifest.size() - offset),
                null);
    }

    @Override
    public @Nullable Block blockIfLoaded(long offset) {
        long number = number(offset);
        SegmentReference segment = segment(number);
        if (segment == null) {
            return hole(number);
        }
        CompletableFuture<Block[]> future = loaded.getIfPresent(segment);
        return future == null || !future.isDone() || future.isCompletedExceptionally()
                ? null
                : future.join()[(int) (number % Segment.BLOCKS)];
    }

    @Override
    public Block block(long offset) throws FetchException, InterruptedException {
        long number = number(offset);
        SegmentReference segment = segment(number);
        return segment == null ? hole(number) : blocks(segment)[(int) (number % Segment.BLOCKS)];
    }

    /** Whoever waits may be interrupted; the segment arrives for the others all the same. */
    private Block[] blocks(SegmentReference segment) throws FetchException, InterruptedException {
        try {
            return loaded.get(
                            segment,
                            (wanted, executor) ->
                                    CompletableFuture.supplyAsync(() -> load(wanted), executor))
                    .get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof FetchException failure) {
                throw failure;
            }
            throw new FetchException.Unavailable(
                    "segment "
                            + segment.number()
                            + " of image "
                            + image.digest().brief()
                            + " cannot be had: "
                            + e.getCause(),
                    e);
        }
    }

    private Block[] load(SegmentReference segment) {
        String name = "segment " + segment.number() + " of image " + image.digest().brief();
        StoredBlock object =
                StoredBlock.object(
                        segment.digest(),
                        Layout.block(segment.digest()),
                        segment.length(),
                        StoredBlock.PLAIN);
        try {
            ByteBuffer bytes = objects.read(object, segment.length());
            long first = (long) segment.number() * Segment.BLOCKS;
            return Segment.parse(name, bytes, first, manifest.size(), manifest.spec());
        } catch (FetchException | InterruptedException e) {
            throw new CompletionException(e);
        }
    }

    @Override
    public Extent extent(long offset) throws FetchException, InterruptedException {
        long number = number(offset);
        SegmentReference segment = segment(number);
        long end = segment == null ? endOfAbsent(number) : endOfRun(blocks(segment), number);
        boolean hole = segment == null || blocks(segment)[(int) (number % Segment.BLOCKS)].isHole();
        long endOffset = Math.min(manifest.size(), end * manifest.spec().blockLength());
        return new Extent(offset, endOffset - offset, hole);
    }

    /** The number of the first block after all segments that are absent from here on. */
    private long endOfAbsent(long number) {
        long segment = number / Segment.BLOCKS;
        while (segment < segments.length && segments[(int) segment] == null) {
            segment++;
        }
        return segment < segments.length
                ? segment * Segment.BLOCKS
                : Manifest.blocks(manifest.size(), manifest.spec().blockLength());
    }

    private static long endOfRun(Block[] blocks, long number) {
        int at = (int) (number % Segment.BLOCKS);
        int end = at + 1;
        while (end < blocks.length && blocks[end].isHole() == blocks[at].isHole()) {
            end++;
        }
        return number - at + end;
    }
}
