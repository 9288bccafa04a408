package org.netloop.format.qcow2;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Block;
import org.netloop.api.block.Extent;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.block.Verification;
import org.netloop.api.index.ImageInfo;
import org.netloop.api.index.Index;
import org.netloop.api.index.ObjectReader;
import org.netloop.api.index.ObjectVersion;
import org.netloop.api.index.Parts;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchException.Corrupt;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;

/**
 * An opened qcow2 image: the list of its tables, and the parts of tables that were asked for last.
 * Neighbouring clusters that lie one behind the other in the file are one block, up to {@value
 * #LONGEST_RUN} bytes.
 */
final class Qcow2Index implements Index {
    private static final int PART_BITS = 11;

    /** Memory of a block that is held in a part. */
    private static final int BLOCK_BYTES = 256;

    private static final int LONGEST_RUN = 256 << 10;
    private static final int SECTOR = 512;
    private static final long COMPRESSED = 1L << 62;
    private static final long OFFSET_MASK = 0x00FFFFFFFFFFFE00L;

    private final ObjectVersion file;
    private final String name;
    private final Header header;
    private final long[] tables;
    private final ObjectReader objects;
    private final ImageInfo image;
    private final String codec;
    private final int partBits;
    private final Parts<Block[]> parts;

    Qcow2Index(
            ObjectVersion file, String name, Header header, long[] tables, ObjectReader objects) {
        this.file = file;
        this.name = name;
        this.header = header;
        this.tables = tables;
        this.objects = objects;
        this.codec = header.zstd() ? "zstd" : "deflate";
        this.partBits = Math.min(PART_BITS, header.tableBits());
        this.parts = objects.parts(BLOCK_BYTES << partBits, this::load);
        this.image =
                new ImageInfo(
                        file.image(Qcow2Format.ID),
                        Qcow2Format.ID,
                        header.size(),
                        Math.max(header.clusterLength(), LONGEST_RUN),
                        codec,
                        null,
                        file.length(),
                        Map.of("qcow2", "version " + header.version()),
                        Verification.NONE);
    }

    @Override
    public ImageInfo image() {
        return image;
    }

    private long cluster(long offset) {
        return Objects.checkIndex(offset, image.size()) >> header.clusterBits();
    }

    private int inPart(long cluster) {
        return (int) (cluster & (1 << partBits) - 1);
    }

    private long table(long cluster) {
        return tables[(int) (cluster >> header.tableBits())] & OFFSET_MASK;
    }

    private Block hole(long cluster) {
        return new Block(cluster << header.clusterBits(), length(cluster), null);
    }

    /** The plain length of a cluster: the last one ends with the image. */
    private int length(long cluster) {
        long begin = cluster << header.clusterBits();
        return (int) Math.min(header.clusterLength(), image.size() - begin);
    }

    @Override
    public Block block(long offset) throws FetchException, InterruptedException {
        long cluster = cluster(offset);
        return table(cluster) == 0
                ? hole(cluster)
                : parts.get(cluster >> partBits)[inPart(cluster)];
    }

    @Override
    public @Nullable Block blockIfLoaded(long offset) {
        long cluster = cluster(offset);
        if (table(cluster) == 0) {
            return hole(cluster);
        }
        Block[] part = parts.ifLoaded(cluster >> partBits);
        return part == null ? null : part[inPart(cluster)];
    }

    @Override
    public Extent extent(long offset) throws FetchException, InterruptedException {
        long cluster = cluster(offset);
        if (table(cluster) == 0) {
            return new Extent(offset, endOfAbsent(cluster) - offset, true);
        }
        Block[] part = parts.get(cluster >> partBits);
        int at = inPart(cluster);
        boolean hole = part[at].isHole();
        int end = at;
        while (end + 1 < part.length && part[end + 1].isHole() == hole) {
            end++;
        }
        return new Extent(offset, part[end].end() - offset, hole);
    }

    /** Returns the end of a run of absent tables. */
    private long endOfAbsent(long cluster) {
        int table = (int) (cluster >> header.tableBits()) + 1;
        while (table < tables.length && (tables[table] & OFFSET_MASK) == 0) {
            table++;
        }
        return table == tables.length
                ? image.size()
                : (long) table << header.tableBits() + header.clusterBits();
    }

    private Block[] load(long part) throws FetchException, InterruptedException {
        long first = part << partBits;
        long clusters = (image.size() - 1 >> header.clusterBits()) + 1;
        Block[] blocks = new Block[(int) Math.min(1L << partBits, clusters - first)];
        long inTable = first & (1L << header.tableBits()) - 1;
        ByteBuffer entries = entries(table(first) + inTable * Long.BYTES, blocks.length);
        for (int i = 0; i < blocks.length; i++) {
            blocks[i] = block(first + i, entries.getLong());
        }
        join(blocks);
        return blocks;
    }

    private ByteBuffer entries(long position, int count)
            throws FetchException, InterruptedException {
        int length = count * Long.BYTES;
        if (position > file.length() - length) {
            throw new Corrupt(
                    name
                            + ": a table at "
                            + position
                            + " is not inside of the file's "
                            + file.length()
                            + " bytes");
        }
        ByteBuffer entries = objects.read(file.path(), position, length);
        if (entries.remaining() != length) {
            throw new Corrupt(name + " ends within the table at " + position);
        }
        return entries;
    }

    private Block block(long cluster, long entry) throws Corrupt {
        if ((entry & COMPRESSED) != 0) {
            return compressed(cluster, entry);
        }
        long position = entry & OFFSET_MASK;
        boolean zeros = header.version() >= 3 && (entry & 1) != 0;
        if (zeros || position == 0) {
            return hole(cluster);
        }
        int length = length(cluster);
        if (position % header.clusterLength() != 0 || position > file.length() - length) {
            throw outside(cluster, length, position);
        }
        return new Block(
                cluster << header.clusterBits(),
                length,
                file.range(position, length, length, StoredBlock.PLAIN));
    }

    /** Unaligned, and told in sectors: the stream ends somewhere in the last one. */
    private Block compressed(long cluster, long entry) throws Corrupt {
        int offsetBits = 62 - (header.clusterBits() - 8);
        long position = entry & (1L << offsetBits) - 1;
        long sectors = ((entry & COMPRESSED - 1) >>> offsetBits) + 1;
        long told = sectors * SECTOR - position % SECTOR;
        long stored = Math.min(told, file.length() - position);
        if (stored < 1) {
            throw outside(cluster, told, position);
        }
        int length = length(cluster);
        return new Block(
                cluster << header.clusterBits(),
                length,
                file.rangeWithin(position, (int) stored, length, codec));
    }

    private Corrupt outside(long cluster, long length, long position) {
        return new Corrupt(
                name
                        + ": cluster "
                        + cluster
                        + " has "
                        + length
                        + " bytes at "
                        + position
                        + ", which is not aligned or not inside of the file's "
                        + file.length()
                        + " bytes");
    }

    /** Makes one block of plain clusters in a row, so that one request fetches them. */
    private void join(Block[] blocks) {
        int from = 0;
        while (from < blocks.length) {
            int to = from + 1;
            while (to < blocks.length && goesOn(blocks[from], blocks[to - 1], blocks[to])) {
                to++;
            }
            StoredBlock first = blocks[from].storedOrNull();
            if (first != null && to > from + 1) {
                int length = (int) (blocks[to - 1].end() - blocks[from].offset());
                Block run =
                        new Block(
                                blocks[from].offset(),
                                length,
                                file.range(first.position(), length, length, StoredBlock.PLAIN));
                Arrays.fill(blocks, from, to, run);
            }
            from = to;
        }
    }

    /** Runs end where the image's pieces of {@value #LONGEST_RUN} bytes do. */
    private static boolean goesOn(Block first, Block last, Block next) {
        StoredBlock before = last.storedOrNull();
        StoredBlock after = next.storedOrNull();
        return before != null
                && after != null
                && before.codec().equals(StoredBlock.PLAIN)
                && after.codec().equals(StoredBlock.PLAIN)
                && before.position() + before.length() == after.position()
                && first.offset() / LONGEST_RUN == (next.end() - 1) / LONGEST_RUN;
    }
}
