package org.netloop.codec.zlib;

import org.netloop.api.codec.Codec;
import org.netloop.tck.CodecContract;

class DeflateCodecTest extends CodecContract {
    private final Codec codec = new DeflateCodec();

    @Override
    protected Codec codec() {
        return codec;
    }
}
