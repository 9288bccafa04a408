package com.example.rle;

import org.netloop.api.codec.Codec;
import org.netloop.api.codec.CodecException;
import org.osgi.service.component.annotations.Component;

import java.nio.ByteBuffer;

/**
 * Runs of equal bytes, told by their length: good for sparse data, and short enough to read.
 *
 * <pre>
 * block = length run*        length: 4 bytes, big-endian, of the plain bytes
 * run   = 0..127 byte{n+1}   n + 1 bytes as they are
 *       | 128..255 byte      one byte, n - 126 times (2 to 129)
 * </pre>
 */
@Component(service = Codec.class)
public final class RleCodec implements Codec {
    private static final Levels LEVELS = new Levels(1, 1, 1);
    private static final int LONGEST_LITERAL = 128;
    private static final int SHORTEST_REPEAT = 2;
    private static final int LONGEST_REPEAT = 129;

    /** Created by Declarative Services and {@link java.util.ServiceLoader}. */
    public RleCodec() {}

    @Override
    public String id() {
        return "rle";
    }

    @Override
    public Levels levels() {
        return LEVELS;
    }

    /** One more byte for each literal run, in a block without a repeat; and the length before. */
    @Override
    public int maxEncodedLength(int plainLength) {
        return Math.addExact(plainLength, Integer.BYTES + plainLength / LONGEST_LITERAL + 1);
    }

    @Override
    public void encode(ByteBuffer plain, ByteBuffer stored, int level) throws CodecException {
        if (!LEVELS.contains(level)) {
            throw new CodecException("rle has no level " + level + ": 1 is the only one");
        }
        stored.putInt(plain.remaining());
        while (plain.hasRemaining()) {
            int repeat = repeat(plain, plain.position());
            if (repeat > SHORTEST_REPEAT) {
                stored.put((byte) (repeat + LONGEST_LITERAL - SHORTEST_REPEAT));
                stored.put(plain.get(plain.position()));
                plain.position(plain.position() + repeat);
            } else {
                int literal = literal(plain);
                stored.put((byte) (literal - 1));
                copy(plain, stored, literal);
            }
        }
    }

    /** Returns the length of the run of equal bytes at that position, up to the longest run. */
    private static int repeat(ByteBuffer plain, int at) {
        int end = Math.min(plain.limit(), at + LONGEST_REPEAT);
        int next = at + 1;
        while (next < end && plain.get(next) == plain.get(at)) {
            next++;
        }
        return next - at;
    }

    /** Returns the number of bytes before the next repetition that is worth a run of its own. */
    private static int literal(ByteBuffer plain) {
        int end = Math.min(plain.limit(), plain.position() + LONGEST_LITERAL);
        int next = plain.position() + 1;
        while (next < end && repeat(plain, next) <= SHORTEST_REPEAT) {
            next++;
        }
        return next - plain.position();
    }

    /** Decodes hostile bytes safely: checks each length against both buffers before using it. */
    @Override
    public boolean decode(ByteBuffer stored, ByteBuffer plain) throws CodecException {
        if (stored.remaining() < Integer.BYTES) {
            throw new CodecException("the block ends within its length");
        }
        int length = stored.getInt();
        if (length < 0) {
            throw new CodecException("the block says it has " + length + " bytes");
        }
        boolean fits = length <= plain.remaining();
        for (int left = length; left > 0 && plain.hasRemaining(); ) {
            left -= decodeRun(stored, plain, left);
        }
        return fits;
    }

    /** Writes as much of a run as there is room for; how long it is. */
    private static int decodeRun(ByteBuffer stored, ByteBuffer plain, int left)
            throws CodecException {
        int tag = stored.hasRemaining() ? Byte.toUnsignedInt(stored.get()) : 0;
        boolean literal = tag < LONGEST_LITERAL;
        int count = literal ? tag + 1 : tag - LONGEST_LITERAL + SHORTEST_REPEAT;
        if (stored.remaining() < (literal ? count : 1)) {
            throw new CodecException("the block ends too early: " + left + " bytes are missing");
        }
        if (count > left) {
            throw new CodecException("a run of " + count + " bytes where " + left + " are left");
        }
        int room = Math.min(count, plain.remaining());
        if (literal) {
            copy(stored, plain, room);
        } else {
            byte value = stored.get();
            for (int i = 0; i < room; i++) {
                plain.put(value);
            }
        }
        return count;
    }

    private static void copy(ByteBuffer from, ByteBuffer to, int count) {
        to.put(from.slice(from.position(), count));
        from.position(from.position() + count);
    }
}
