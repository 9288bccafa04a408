package org.netloop.engine.volume;

import org.netloop.api.codec.CodecException;

import java.nio.ByteBuffer;

/** Codecs that throw nothing which they may not, and are wrong all the same. */
final class WrongCodecs {
    private WrongCodecs() {}

    /** Refuses what is right. */
    static final class Refusing extends XorCodec {
        @Override
        public boolean decode(ByteBuffer stored, ByteBuffer plain) {
            Misdeed.<RuntimeException>sneak(new CodecException("I do not like it"));
            return false;
        }
    }

    /** Gives less than there is. */
    static final class Short extends XorCodec {
        @Override
        public boolean decode(ByteBuffer stored, ByteBuffer plain) {
            return super.decode(stored.limit(100), plain);
        }
    }

    /** Plays with limits that are not its own. */
    static final class Greedy extends XorCodec {
        @Override
        public boolean decode(ByteBuffer stored, ByteBuffer plain) {
            plain.clear();
            while (true) {
                plain.put((byte) 1);
            }
        }
    }
}
