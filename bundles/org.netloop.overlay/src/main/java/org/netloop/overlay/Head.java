package org.netloop.overlay;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Header of a record in a segment. All numbers are big-endian:
 *
 * <pre>
 *  0 u32 magic "NLrc"      16 u64 durable       40 u32 CRC-32C of the data
 *  4 u32 kind              24 u64 offset        44 u32 CRC-32C of the segment's nonce
 *  8 u64 number            32 u64 length               and of bytes 0 to 43
 * </pre>
 *
 * @param kind {@link #DATA}, {@link #ZERO} or {@link #END}
 * @param number counts the records of an overlay up by one each
 * @param durable the number of a record up to which all had been forced when this was written
 * @param offset in the volume, in bytes, a multiple of a unit
 * @param length in bytes, a multiple of a unit
 * @param crc of the data that follow; 0 if none do
 */
record Head(int kind, long number, long durable, long offset, long length, int crc) {
    static final int LENGTH = 48;

    /** Every record begins at a multiple of it. */
    static final int ALIGNMENT = 16;

    /** The data follow. */
    static final int DATA = 1;

    /** The range is zeros. */
    static final int ZERO = 2;

    /** Kind of the record after which the segment ends. */
    static final int END = 3;

    private static final int MAGIC = 0x4E4C7263;
    private static final int CHECKED = 44;

    /** Writes it; {@code out} moves on behind it. */
    void put(ByteBuffer out, long nonce) {
        int start = out.position();
        out.putInt(MAGIC)
                .putInt(kind)
                .putLong(number)
                .putLong(durable)
                .putLong(offset)
                .putLong(length)
                .putInt(crc)
                .putInt(crc(out.slice(start, CHECKED), nonce));
    }

    /** Null if there is none, or it was not written whole; {@code in} moves on behind it. */
    static @Nullable Head parse(ByteBuffer in, long nonce) {
        int start = in.position();
        int magic = in.getInt();
        Head head =
                new Head(
                        in.getInt(),
                        in.getLong(),
                        in.getLong(),
                        in.getLong(),
                        in.getLong(),
                        in.getInt());
        int crc = in.getInt();
        boolean whole = magic == MAGIC && crc == crc(in.slice(start, CHECKED), nonce);
        return whole ? head : null;
    }

    private static int crc(ByteBuffer bytes, long nonce) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(Long.BYTES).putLong(0, nonce));
        crc.update(bytes);
        return (int) crc.getValue();
    }

    /** Returns the number of data bytes that follow it in the segment. */
    long dataLength() {
        return kind == DATA ? length : 0;
    }

    /** Returns whether it names a range of a volume with that many units. */
    boolean isWithin(long units) {
        boolean known = kind == DATA || kind == ZERO || kind == END;
        return known
                && offset >= 0
                && length >= 0
                && offset % Place.UNIT == 0
                && length % Place.UNIT == 0
                && offset / Place.UNIT <= units
                && length / Place.UNIT <= units - offset / Place.UNIT;
    }
}
