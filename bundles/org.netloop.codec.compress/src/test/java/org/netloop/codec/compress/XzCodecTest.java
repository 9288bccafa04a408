package org.netloop.codec.compress;

import org.netloop.api.codec.Codec;
import org.netloop.tck.CodecContract;

class XzCodecTest extends CodecContract {
    private final Codec codec = new XzCodec();

    @Override
    protected Codec codec() {
        return codec;
    }
}
