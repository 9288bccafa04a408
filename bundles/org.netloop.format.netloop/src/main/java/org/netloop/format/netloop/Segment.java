package org.netloop.format.netloop;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.index.BlockOrder;
import org.netloop.api.index.ImageSpec;
import org.netloop.api.transport.FetchException.Corrupt;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/**
 * A part of the map: {@value #BLOCKS} consecutive blocks, or what is left of the image. Big-endian:
 *
 * <pre>
 * segment = magic:u32 version:u8 algorithm:u8 count:u16 first:u64 entry*count
 * entry   = 0                              a hole
 *         | 1 length:u32 digest            stored by the image's codec
 *         | 2 length:u32 digest            stored as it is, as the codec did not help
 * </pre>
 */
final class Segment {
    /**
     * 512 MiB of image in blocks of 256 KiB: at most 74 KiB of entries, so that a distant read
     * costs one small object, and 2,048 segments for 1 TiB, so that its manifest has 190 KB.
     */
    static final int BLOCKS = 2048;

    static final int MAGIC = 0x4E4C5347; // NLSG
    static final int HEADER_LENGTH = 16;
    private static final int COUNT_POSITION = 6;
    private static final int VERSION = 1;
    private static final byte HOLE = 0;
    private static final byte CODED = 1;
    private static final byte PLAIN = 2;
    private static final int LONGEST_DIGEST = 64;

    static final int MAX_LENGTH = HEADER_LENGTH + BLOCKS * (1 + Integer.BYTES + LONGEST_DIGEST);

    private Segment() {}

    /** Returns the number of segments of an image, including those that are entirely holes. */
    static long count(long size, int blockLength) {
        return ceilDiv(ceilDiv(size, blockLength), BLOCKS);
    }

    private static long ceilDiv(long dividend, int divisor) {
        return Math.ceilDiv(dividend, divisor);
    }

    static byte number(DigestAlgorithm algorithm) {
        return switch (algorithm) {
            case SHA256 -> 1;
            case SHA512 -> 2;
            case SHA512_256 -> 3;
            case SHA1 -> 4;
            case MD5 -> 5;
        };
    }

    /**
     * Room for a segment; entries are appended with {@link #append}, and it ends with {@link
     * #finish}.
     */
    static ByteBuffer begin(DigestAlgorithm algorithm, long firstBlock) {
        return ByteBuffer.allocate(MAX_LENGTH)
                .putInt(MAGIC)
                .put((byte) VERSION)
                .put(number(algorithm))
                .putShort((short) 0)
                .putLong(firstBlock);
    }

    static void append(ByteBuffer segment, Block block) {
        StoredBlock stored = block.storedOrNull();
        if (stored == null) {
            segment.put(HOLE);
            return;
        }
        segment.put(kind(stored));
        segment.putInt(stored.length());
        stored.key().write(segment);
    }

    /** Returns the kind of a block that is not a hole. */
    static byte kind(StoredBlock stored) {
        return stored.codec().equals(StoredBlock.PLAIN) ? PLAIN : CODED;
    }

    /** Returns the codec that a kind means; null if it means none. */
    static @Nullable String codec(byte kind, ImageSpec spec) {
        return switch (kind) {
            case CODED -> spec.codec();
            case PLAIN -> StoredBlock.PLAIN;
            default -> null;
        };
    }

    static ByteBuffer finish(ByteBuffer segment, int count) {
        return segment.putShort(COUNT_POSITION, (short) count).flip();
    }

    /**
     * The blocks of a segment.
     *
     * @param name what messages call it
     * @param number which segment of the image it is
     * @param size the image's size
     */
    static Block[] parse(String name, ByteBuffer segment, long number, long size, ImageSpec spec)
            throws Corrupt {
        try {
            return parseEntries(name, segment.duplicate(), number * BLOCKS, size, spec);
        } catch (BufferUnderflowException e) {
            throw new Corrupt(name + " ends too early, after " + segment.remaining() + " bytes", e);
        }
    }

    private static Block[] parseEntries(
            String name, ByteBuffer in, long first, long size, ImageSpec spec) throws Corrupt {
        require(name, "magic", MAGIC, in.getInt());
        require(name, "version", VERSION, in.get());
        require(name, "digest algorithm", number(spec.digest()), in.get());
        int count = (int) Math.min(BLOCKS, ceilDiv(size, spec.blockLength()) - first);
        require(name, "count", count, Short.toUnsignedInt(in.getShort()));
        require(name, "first block", first, in.getLong());
        Block[] blocks = new Block[count];
        for (int i = 0; i < count; i++) {
            long offset = (first + i) * spec.blockLength();
            int length = (int) Math.min(spec.blockLength(), size - offset);
            blocks[i] = entry(name, in, offset, length, spec);
        }
        require(name, "bytes after its last entry", 0, in.remaining());
        return blocks;
    }

    private static void require(String name, String field, long expected, long found)
            throws Corrupt {
        if (found != expected) {
            throw new Corrupt(name + ": " + field + " is " + found + ", not " + expected);
        }
    }

    private static Block entry(String name, ByteBuffer in, long offset, int length, ImageSpec spec)
            throws Corrupt {
        byte kind = in.get();
        if (kind == HOLE) {
            return new Block(offset, length, null);
        }
        String codec = codec(kind, spec);
        if (codec == null) {
            throw new Corrupt(name + ": block at " + offset + " is of kind " + kind);
        }
        int stored = in.getInt();
        if (!BlockOrder.isPossible(stored, length, codec)) {
            throw new Corrupt(
                    name
                            + ": block at "
                            + offset
                            + " of "
                            + length
                            + " bytes is stored in "
                            + Integer.toUnsignedString(stored)
                            + " by codec "
                            + codec);
        }
        Digest digest = Digest.read(spec.digest(), in);
        return new Block(
                offset, length, StoredBlock.object(digest, Layout.block(digest), stored, codec));
    }
}
