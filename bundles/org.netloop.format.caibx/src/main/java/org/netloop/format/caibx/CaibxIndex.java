package org.netloop.format.caibx;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.Extent;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.block.Verification;
import org.netloop.api.index.ImageInfo;
import org.netloop.api.index.Index;
import org.netloop.api.index.ObjectReader;
import org.netloop.api.index.Parts;
import org.netloop.api.transport.FetchException;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Objects;

/** An opened index: its frame, and the parts of its table that were asked for last. */
final class CaibxIndex implements Index {
    /** Chunks in a part of the table: 40 KiB of it, for 64 MiB of image in chunks of 64 KiB. */
    static final int PART = 1024;

    /** Memory of a chunk that is held in a part. */
    private static final int CHUNK_BYTES = 600;

    private final Table table;
    private final Store store;
    private final ObjectReader objects;
    private final int partLength;
    private final ImageInfo image;
    private final Parts<Part> parts;
    private final Search search;

    /**
     * Digest of the longest possible chunk, all zeros; null until a chunk of that length is met.
     */
    private volatile @Nullable Digest zeros;

    CaibxIndex(Table table, Store store, ObjectReader objects, int partLength) {
        this.table = table;
        this.store = store;
        this.objects = objects;
        this.partLength = partLength;
        this.parts = objects.parts(CHUNK_BYTES * partLength, this::load);
        this.search =
                new Search(
                        table.name(),
                        table.size(),
                        Math.toIntExact(Math.ceilDiv(table.chunks(), partLength)));
        this.image =
                new ImageInfo(
                        table.file().image(CaibxFormat.ID),
                        CaibxFormat.ID,
                        table.size(),
                        table.header().most(),
                        StoredBlock.RECOGNISED,
                        null,
                        -1,
                        Map.of(
                                "casync.digest", table.header().digest().id(),
                                "casync.chunks", String.valueOf(table.chunks()),
                                "casync.average", String.valueOf(table.header().average()),
                                "casync.store", store.toString()),
                        Verification.PLAIN);
    }

    @Override
    public ImageInfo image() {
        return image;
    }

    @Override
    public Block block(long offset) throws FetchException, InterruptedException {
        return part(offset).block(offset);
    }

    @Override
    public @Nullable Block blockIfLoaded(long offset) {
        Part part = parts.ifLoaded(Objects.checkIndex(offset, image.size()), Part::side);
        return part == null ? null : part.block(offset);
    }

    @Override
    public Extent extent(long offset) throws FetchException, InterruptedException {
        Part part = part(offset);
        return new Extent(offset, part.runEnd(offset) - offset, part.block(offset).isHole());
    }

    private Part part(long offset) throws FetchException, InterruptedException {
        Part part = parts.ifLoaded(Objects.checkIndex(offset, image.size()), Part::side);
        return part == null ? search.find(offset, parts) : part;
    }

    /**
     * A chunk begins where the one before it ends, which the item before the part's first tells.
     */
    private Part load(long number) throws FetchException, InterruptedException {
        long first = number * partLength;
        int count = (int) Math.min(partLength, table.chunks() - first);
        int before = first == 0 ? 0 : 1;
        ByteBuffer items = table.items(objects, first - before, count + before);
        long end = before == 0 ? 0 : items.getLong(0);
        items.position(before * Table.ITEM);
        Block[] blocks = new Block[count];
        for (int i = 0; i < count; i++) {
            long begin = end;
            end = items.getLong();
            Digest digest = Digest.read(table.header().digest(), items);
            blocks[i] = block(first + i, begin, end, digest);
        }
        Part part = new Part((int) number, blocks);
        search.learn(part);
        return part;
    }

    private Block block(long number, long begin, long end, Digest digest)
            throws FetchException.Corrupt {
        int most = table.header().most();
        long length = end - begin;
        if (begin < 0 || end <= begin || length > most || end > table.size()) {
            throw new FetchException.Corrupt(
                    table.name()
                            + ": chunk "
                            + number
                            + " goes from "
                            + begin
                            + " to "
                            + end
                            + "; 1 to "
                            + most
                            + " bytes inside of the image's "
                            + table.size()
                            + " are possible");
        }
        return length == most && digest.equals(zeros())
                ? new Block(begin, most, null)
                : new Block(begin, (int) length, store.chunk((int) length, digest));
    }

    /** Zeros are cut into chunks of the longest kind: whoever knows their digest needs no fetch. */
    private Digest zeros() {
        Digest known = zeros;
        if (known == null) {
            known = Digest.of(table.header().digest(), ByteBuffer.allocate(table.header().most()));
            zeros = known;
        }
        return known;
    }
}
