package org.netloop.engine.volume;

import org.netloop.api.codec.Codec;

import java.nio.ByteBuffer;

/** Flips all bits: enough to see whether somebody decoded. */
class XorCodec implements Codec {

    static byte[] flip(byte[] bytes, int offset, int length) {
        byte[] flipped = new byte[length];
        for (int i = 0; i < length; i++) {
            flipped[i] = (byte) ~bytes[offset + i];
        }
        return flipped;
    }

    @Override
    public String id() {
        return "xor";
    }

    @Override
    public Levels levels() {
        return new Levels(0, 0, 0);
    }

    @Override
    public int maxEncodedLength(int plainLength) {
        return plainLength;
    }

    @Override
    public void encode(ByteBuffer plain, ByteBuffer stored, int level) {
        decode(plain, stored);
    }

    @Override
    public boolean decode(ByteBuffer stored, ByteBuffer plain) {
        while (stored.hasRemaining()) {
            plain.put((byte) ~stored.get());
        }
        return true;
    }
}
