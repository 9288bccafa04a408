package org.netloop.format.idx;

import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.index.BlockOrder;
import org.netloop.api.index.ImageSpec;
import org.netloop.api.transport.FetchException.Corrupt;

import java.nio.ByteBuffer;

/**
 * A part of the index: {@value #BLOCKS} consecutive blocks, or what is left of the image.
 * Big-endian:
 *
 * <pre>
 * part  = magic:u32 count:u32 first:u64 entry*count
 * entry = 0:u32 zeros            a hole; as many zeros as a digest has bytes
 *       | length:u32 digest      a block file; the highest bit of length: it is stored as it is
 * </pre>
 */
final class Part {
    static final int BLOCKS = 2048;
    private static final int MAGIC = 0x4E4C4950; // NLIP
    private static final int HEADER_LENGTH = 16;
    private static final int PLAIN = 1 << 31;

    private Part() {}

    /** Returns the number of blocks that an image of that size has. */
    static long blocks(long size, int blockLength) {
        return Math.ceilDiv(size, (long) blockLength);
    }

    /** Returns the number of blocks of a part: {@value #BLOCKS}, unless it is the image's last. */
    static int count(int number, Root root) {
        long left = blocks(root.size(), root.spec().blockLength()) - (long) number * BLOCKS;
        return (int) Math.min(BLOCKS, left);
    }

    /** Returns the length in bytes of a part of an image. */
    static int length(int number, Root root) {
        return length(count(number, root), root.spec().digest());
    }

    /** Returns the length in bytes of a part with that many blocks. */
    static int length(int count, DigestAlgorithm algorithm) {
        return HEADER_LENGTH + count * (Integer.BYTES + algorithm.length());
    }

    /** The bytes of a part. */
    static ByteBuffer write(Iterable<Block> blocks, int count, long first, ImageSpec spec) {
        ByteBuffer out =
                ByteBuffer.allocate(length(count, spec.digest()))
                        .putInt(MAGIC)
                        .putInt(count)
                        .putLong(first);
        byte[] hole = new byte[spec.digest().length()];
        for (Block block : blocks) {
            StoredBlock stored = block.storedOrNull();
            if (stored == null) {
                out.putInt(0).put(hole);
            } else {
                boolean plain = stored.codec().equals(StoredBlock.PLAIN);
                out.putInt(stored.length() | (plain ? PLAIN : 0));
                stored.key().write(out);
            }
        }
        return out.flip();
    }

    /**
     * Reads the blocks of a part, whose length was compared with {@link #length(int, Root)}.
     *
     * @param name what messages call it
     * @param number of the part in the image
     */
    static Block[] parse(String name, ByteBuffer in, int number, Root root) throws Corrupt {
        ImageSpec spec = root.spec();
        int count = count(number, root);
        long first = (long) number * BLOCKS;
        if (in.getInt() != MAGIC || in.getInt() != count || in.getLong() != first) {
            throw new Corrupt(name + " is not that of blocks " + first + " + " + count);
        }
        Block[] blocks = new Block[count];
        for (int i = 0; i < count; i++) {
            long offset = (first + i) * spec.blockLength();
            int plain = (int) Math.min(spec.blockLength(), root.size() - offset);
            int length = in.getInt();
            Digest digest = Digest.read(spec.digest(), in);
            blocks[i] =
                    new Block(
                            offset,
                            plain,
                            length == 0 ? null : stored(name, digest, length, plain, spec));
        }
        return blocks;
    }

    private static StoredBlock stored(
            String name, Digest digest, int entry, int plain, ImageSpec spec) throws Corrupt {
        String codec = (entry & PLAIN) == 0 ? spec.codec() : StoredBlock.PLAIN;
        int length = entry & ~PLAIN;
        if (!BlockOrder.isPossible(length, plain, codec)) {
            throw new Corrupt(
                    name + ": a block of " + plain + " bytes is stored in " + length + " " + codec);
        }
        return StoredBlock.object(digest, Layout.block(digest), length, codec);
    }
}
