package org.netloop.format.netloop;

import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.index.ImageSpec;
import org.netloop.api.transport.FetchException.Corrupt;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/**
 * A part of the map: {@value #BLOCKS} consecutive blocks. Big-endian:
 *
 * <pre>
 * segment = magic:u32 version:u8 reserved:u8 count:u16 first:u64 entry*count
 * entry   = 0                              a hole
 *         | 1 length:u32 digest            stored by the image's codec
 *         | 2 length:u32 digest            stored as it is
 * </pre>
 */
final class Segment {
    /** 512 MiB of image in blocks of 256 KiB: 75 KiB of entries, and 2,048 segments for 1 TiB. */
    static final int BLOCKS = 2048;

    static final int MAGIC = 0x4E4C5347; // NLSG
    static final int HEADER_LENGTH = 16;
    private static final int VERSION = 1;
    private static final byte HOLE = 0;
    private static final byte CODED = 1;
    private static final byte PLAIN = 2;
    private static final int LONGEST_DIGEST = 64;

    static final int MAX_LENGTH = HEADER_LENGTH + BLOCKS * (1 + Integer.BYTES + LONGEST_DIGEST);

    /** A codec may make a block a little longer; more than that is nothing we wrote. */
    private static final int MAX_OVERHEAD = 64 << 10;

    private Segment() {}

    /**
     * Room for a segment; entries are appended with {@link #append}, and it ends with {@link
     * #finish}.
     */
    static ByteBuffer begin(long firstBlock) {
        return ByteBuffer.allocate(MAX_LENGTH)
                .putInt(MAGIC)
                .put((byte) VERSION)
                .put((byte) 0)
                .putShort((short) 0)
                .putLong(firstBlock);
    }

    static void append(ByteBuffer segment, Block block) {
        StoredBlock stored = block.storedOrNull();
        if (stored == null) {
            segment.put(HOLE);
            return;
        }
        segment.put(stored.codec().equals(StoredBlock.PLAIN) ? PLAIN : CODED);
        segment.putInt(stored.length());
        stored.key().write(segment);
    }

    static ByteBuffer finish(ByteBuffer segment, int count) {
        return segment.putShort(6, (short) count).flip();
    }

    /**
     * The blocks of a segment.
     *
     * @param name what messages call it
     * @param first the number of its first block
     * @param size the image's size
     */
    static Block[] parse(String name, ByteBuffer segment, long first, long size, ImageSpec spec)
            throws Corrupt {
        try {
            return parseEntries(name, segment, first, size, spec);
        } catch (BufferUnderflowException e) {
            throw new Corrupt(name + " ends too early", e);
        }
    }

    private static Block[] parseEntries(
            String name, ByteBuffer in, long first, long size, ImageSpec spec) throws Corrupt {
        if (in.getInt() != MAGIC || in.get() != VERSION) {
            throw new Corrupt(name + " is no segment of version " + VERSION);
        }
        in.get();
        int count = Short.toUnsignedInt(in.getShort());
        long expected = Math.min(BLOCKS, Manifest.blocks(size, spec.blockLength()) - first);
        if (count != expected || in.getLong() != first) {
            throw new Corrupt(name + " is not the " + expected + " blocks from " + first);
        }
        Block[] blocks = new Block[count];
        for (int i = 0; i < count; i++) {
            long offset = (first + i) * spec.blockLength();
            int length = (int) Math.min(spec.blockLength(), size - offset);
            blocks[i] = entry(name, in, offset, length, spec);
        }
        if (in.hasRemaining()) {
            throw new Corrupt(name + " goes on after its last entry");
        }
        return blocks;
    }

    private static Block entry(String name, ByteBuffer in, long offset, int length, ImageSpec spec)
            throws Corrupt {
        byte kind = in.get();
        if (kind == HOLE) {
            return new Block(offset, length, null);
        }
        if (kind != CODED && kind != PLAIN) {
            throw new Corrupt(name + " has an entry of kind " + kind);
        }
        int stored = in.getInt();
        if (stored < 1 || stored > length + MAX_OVERHEAD || kind == PLAIN && stored != length) {
            throw new Corrupt(name + " has a block of " + length + " bytes stored in " + stored);
        }
        Digest digest = Digest.read(spec.digest(), in);
        String codec = kind == PLAIN ? StoredBlock.PLAIN : spec.codec();
        return new Block(
                offset, length, StoredBlock.object(digest, Layout.block(digest), stored, codec));
    }
}
