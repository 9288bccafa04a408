package org.netloop.codec.zlib;

import org.netloop.api.codec.Codec;
import org.netloop.tck.CodecContract;

class ZlibCodecTest extends CodecContract {
    private final ZlibCodec codec = new ZlibCodec();

    @Override
    protected Codec codec() {
        return codec;
    }
}
