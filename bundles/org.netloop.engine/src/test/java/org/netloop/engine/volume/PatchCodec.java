package org.netloop.engine.volume;

import java.nio.ByteBuffer;

/** Encodes as its parent does; a delta is the difference to the first bytes of the first base. */
class PatchCodec extends XorCodec {
    static final String ID = "patch";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public boolean encodesDeltas() {
        return true;
    }

    @Override
    public void decodeDelta(ByteBuffer bases, ByteBuffer delta, ByteBuffer plain) {
        while (plain.hasRemaining()) {
            plain.put((byte) (bases.get() ^ (delta.hasRemaining() ? delta.get() : 0)));
        }
    }
}
