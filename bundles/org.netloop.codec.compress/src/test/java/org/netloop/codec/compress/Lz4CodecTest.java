package org.netloop.codec.compress;

import org.netloop.api.codec.Codec;
import org.netloop.tck.CodecContract;

class Lz4CodecTest extends CodecContract {
    private final Codec codec = new Lz4Codec();

    @Override
    protected Codec codec() {
        return codec;
    }
}
