package org.netloop.codec.compress;

import org.netloop.api.codec.Codec;
import org.netloop.tck.CodecContract;

class Bzip2CodecTest extends CodecContract {
    private final Codec codec = new Bzip2Codec();

    @Override
    protected Codec codec() {
        return codec;
    }
}
