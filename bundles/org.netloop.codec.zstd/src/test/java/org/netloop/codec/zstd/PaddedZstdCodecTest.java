package org.netloop.codec.zstd;

import org.netloop.api.codec.Codec;
import org.netloop.tck.CodecContract;

class PaddedZstdCodecTest extends CodecContract {
    private final PaddedZstdCodec codec = new PaddedZstdCodec();

    @Override
    protected Codec codec() {
        return codec;
    }

    @Override
    protected boolean isPadded() {
        return true;
    }
}
