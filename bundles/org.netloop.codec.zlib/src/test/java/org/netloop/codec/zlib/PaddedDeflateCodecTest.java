package org.netloop.codec.zlib;

import org.netloop.api.codec.Codec;
import org.netloop.tck.CodecContract;

class PaddedDeflateCodecTest extends CodecContract {
    private final PaddedDeflateCodec codec = new PaddedDeflateCodec();

    @Override
    protected Codec codec() {
        return codec;
    }

    @Override
    protected boolean isPadded() {
        return true;
    }
}
