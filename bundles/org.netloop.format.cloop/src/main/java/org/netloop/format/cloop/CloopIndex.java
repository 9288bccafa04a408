package org.netloop.format.cloop;

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

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Objects;

/** An opened cloop file: its header, and the parts of its map that were asked for last. */
final class CloopIndex implements Index {
    /** Blocks in a part of the map: 16 KiB of offsets, for 128 MiB of image in blocks of 64 KiB. */
    static final int PART = 2048;

    /** Memory of a block that is held in a part. */
    private static final int BLOCK_BYTES = 256;

    private static final int FLAGS_SHIFT = 60;
    private static final long OFFSET_MASK = (1L << FLAGS_SHIFT) - 1;

    private final ObjectVersion file;
    private final Layout layout;
    private final ObjectReader objects;
    private final ImageInfo image;
    private final int blockLength;
    private final Parts<Block[]> parts;

    /** Offset of each part if the map only has lengths; else empty. */
    private final long[] begins;

    CloopIndex(ObjectVersion file, Layout layout, ObjectReader objects)
            throws FetchException, InterruptedException {
        this.file = file;
        this.layout = layout;
        this.objects = objects;
        this.blockLength = layout.header().blockLength();
        this.begins = layout.entry() == Layout.Entry.LENGTH ? addUp() : new long[0];
        this.parts = objects.parts(partBytes(layout), this::load);
        this.image =
                new ImageInfo(
                        file.image(CloopFormat.ID),
                        CloopFormat.ID,
                        layout.header().blocks() * blockLength,
                        blockLength,
                        "zlib",
                        null,
                        file.length(),
                        Map.of("cloop", layout.header().version()),
                        Verification.NONE);
    }

    private static int partBytes(Layout layout) {
        return BLOCK_BYTES * Math.clamp(layout.header().blocks(), 1, PART);
    }

    @Override
    public ImageInfo image() {
        return image;
    }

    private long number(long offset) {
        return Objects.checkIndex(offset, image.size()) / blockLength;
    }

    @Override
    public Block block(long offset) throws FetchException, InterruptedException {
        long number = number(offset);
        return parts.get(number / PART)[(int) (number % PART)];
    }

    @Override
    public @Nullable Block blockIfLoaded(long offset) {
        long number = number(offset);
        Block[] part = parts.ifLoaded(number / PART);
        return part == null ? null : part[(int) (number % PART)];
    }

    /** Zeros are compressed like anything else: there are no holes. */
    @Override
    public Extent extent(long offset) {
        Objects.checkIndex(offset, image.size());
        return new Extent(offset, image.size() - offset, false);
    }

    private int count(long part) {
        return (int) Math.min(PART, layout.header().blocks() - part * PART);
    }

    /** The entries of a part; of offsets one more, as each block ends where the next begins. */
    private ByteBuffer entries(long part) throws FetchException, InterruptedException {
        int entry = layout.entry().bytes();
        int length = (count(part) + (layout.entry().isOffset() ? 1 : 0)) * entry;
        ByteBuffer bytes =
                objects.read(file.path(), layout.position() + part * PART * entry, length);
        if (bytes.remaining() != length) {
            throw new FetchException.Corrupt(
                    layout.name()
                            + " gives "
                            + bytes.remaining()
                            + " of "
                            + length
                            + " bytes of its map");
        }
        return bytes.order(layout.entry().order());
    }

    private long[] addUp() throws FetchException, InterruptedException {
        long blocks = layout.header().blocks();
        ByteBuffer all = objects.read(file.path(), layout.position(), (int) blocks * Integer.BYTES);
        if (all.remaining() != blocks * Integer.BYTES) {
            throw new FetchException.Corrupt(layout.name() + " ends within its map");
        }
        long[] sums = new long[(int) Math.ceilDiv(blocks, PART)];
        long at = Header.LENGTH;
        for (int i = 0; i < blocks; i++) {
            if (i % PART == 0) {
                sums[i / PART] = at;
            }
            at += Integer.toUnsignedLong(all.getInt());
        }
        return sums;
    }

    private Block[] load(long part) throws FetchException, InterruptedException {
        ByteBuffer entries = entries(part);
        Block[] blocks = new Block[count(part)];
        long next = begins.length == 0 ? 0 : begins[(int) part];
        for (int i = 0; i < blocks.length; i++) {
            long number = part * PART + i;
            switch (layout.entry()) {
                case LENGTH -> {
                    long length = Integer.toUnsignedLong(entries.getInt());
                    blocks[i] = block(number, 0, next, length);
                    next += length;
                }
                case OFFSET_LENGTH -> {
                    long begin = entries.getLong();
                    blocks[i] = block(number, 0, begin, Integer.toUnsignedLong(entries.getInt()));
                    entries.getInt();
                }
                case OFFSET_32, OFFSET_64, OFFSET_64_LITTLE, OFFSET_64_FLAGS -> {
                    long begin = offset(entries, i);
                    long end = offset(entries, i + 1);
                    blocks[i] =
                            layout.entry() == Layout.Entry.OFFSET_64_FLAGS
                                    ? block(
                                            number,
                                            (int) (begin >>> FLAGS_SHIFT),
                                            begin & OFFSET_MASK,
                                            (end & OFFSET_MASK) - (begin & OFFSET_MASK))
                                    : block(number, 0, begin, end - begin);
                }
            }
        }
        return blocks;
    }

    private long offset(ByteBuffer entries, int number) {
        return layout.entry() == Layout.Entry.OFFSET_32
                ? Integer.toUnsignedLong(entries.getInt(number * Integer.BYTES))
                : entries.getLong(number * Long.BYTES);
    }

    private Block block(long number, int flags, long position, long length) throws FetchException {
        String codec = codec(number, flags);
        long most = codec.equals(StoredBlock.PLAIN) ? blockLength : mostStored();
        if (position < 0 || length < 1 || length > most || position > file.length() - length) {
            throw new FetchException.Corrupt(
                    layout.name()
                            + ": block "
                            + number
                            + " has "
                            + length
                            + " bytes at "
                            + position
                            + "; at most "
                            + most
                            + " inside of the file's "
                            + file.length()
                            + " are possible");
        }
        return new Block(
                number * blockLength,
                blockLength,
                file.range(position, (int) length, blockLength, codec));
    }

    /** Returns a bound on the stored length of a block: more than zlib makes of noise. */
    private long mostStored() {
        return blockLength + blockLength / 8 + 4096L;
    }

    private String codec(long number, int flags) throws FetchException.Unsupported {
        return switch (flags) {
            case 0 -> "zlib";
            case 1 -> StoredBlock.PLAIN;
            case 2 -> "xz";
            default ->
                    throw new FetchException.Unsupported(
                            layout.name()
                                    + ": block "
                                    + number
                                    + " is stored in way "
                                    + flags
                                    + (flags == 3 ? " (lz4)" : flags == 4 ? " (lzo)" : "")
                                    + ", which is not read; only zlib, xz and plain blocks are");
        };
    }
}
