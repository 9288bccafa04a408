package com.example.rle;

import org.netloop.api.codec.Codec;
import org.netloop.tck.CodecContract;

/** The codec keeps what its contract promises: the tests are inherited. */
class RleCodecTest extends CodecContract {
    private final RleCodec codec = new RleCodec();

    @Override
    protected Codec codec() {
        return codec;
    }
}
