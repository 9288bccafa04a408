package org.netloop.format.idx;

import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.block.StoredBlock;
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

    /** How many blocks an image has before that offset. */
    static long blocks(long size, int blockLength) {
        return Math.ceilDiv(size, (long) blockLength);
    }

    /** How many bytes a part of so many blocks has. */
    static int length(int count, DigestAlgorithm algorithm) {
        return HEADER_LENGTH + count * (Integer.BYTES + algorithm.length());
    }

    /** Whether a block of so many plain bytes may be stored in so many. */
    static boolean isPossible(int stored, int plain, String codec) {
        return codec.equals(StoredBlock.PLAIN)
                ? stored == plain
                : stored >= 1 && stored <= 2 * plain + (64 << 10);
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
     * The blocks of a part, whose length was compared with {@link #length}.
     *
     * @param name what messages call it
     */
    static Block[] parse(
            String name, ByteBuffer in, long first, int count, long size, ImageSpec spec)
            throws Corrupt {
        if (in.getInt() != MAGIC || in.getInt() != count || in.getLong() != first) {
            throw new Corrupt(name + " is not that of blocks " + first + " + " + count);
        }
        Block[] blocks = new Block[count];
        for (int i = 0; i < count; i++) {
            long offset = (first + i) * spec.blockLength();
            int plain = (int) Math.min(spec.blockLength(), size - offset);
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
        if (!isPossible(length, plain, codec)) {
            throw new Corrupt(
                    name + ": a block of " + plain + " bytes is stored in " + length + " " + codec);
        }
        return StoredBlock.object(digest, Layout.block(digest), length, codec);
    }
}
