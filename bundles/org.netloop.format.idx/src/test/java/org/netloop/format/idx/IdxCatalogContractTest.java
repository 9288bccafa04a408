package org.netloop.format.idx;

import org.netloop.api.index.IndexFormat;
import org.netloop.tck.CatalogContract;

class IdxCatalogContractTest extends CatalogContract {
    @Override
    protected IndexFormat format() {
        return new IdxFormat();
    }
}
