package org.netloop.format.netloop;

import org.netloop.api.index.IndexFormat;
import org.netloop.tck.IndexFormatContract;

class NetloopFormatTest extends IndexFormatContract {
    @Override
    protected IndexFormat format() {
        return new NetloopFormat();
    }
}
