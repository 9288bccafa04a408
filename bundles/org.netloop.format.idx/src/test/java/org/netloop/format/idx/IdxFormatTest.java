package org.netloop.format.idx;

import org.netloop.api.index.IndexFormat;
import org.netloop.tck.IndexFormatContract;

class IdxFormatTest extends IndexFormatContract {
    @Override
    protected IndexFormat format() {
        return new IdxFormat(true);
    }
}
