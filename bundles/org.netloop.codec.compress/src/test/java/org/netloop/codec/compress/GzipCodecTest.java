package org.netloop.codec.compress;

import org.netloop.api.codec.Codec;
import org.netloop.tck.CodecContract;

class GzipCodecTest extends CodecContract {
    private final Codec codec = new GzipCodec();

    @Override
    protected Codec codec() {
        return codec;
    }
}
