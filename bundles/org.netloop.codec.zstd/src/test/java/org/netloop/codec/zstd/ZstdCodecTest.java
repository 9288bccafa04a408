package org.netloop.codec.zstd;

import org.netloop.api.codec.Codec;
import org.netloop.tck.CodecContract;

class ZstdCodecTest extends CodecContract {
    private final ZstdCodec codec = new ZstdCodec();

    @Override
    protected Codec codec() {
        return codec;
    }
}
