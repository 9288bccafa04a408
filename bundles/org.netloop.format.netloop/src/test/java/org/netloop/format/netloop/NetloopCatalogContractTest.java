package org.netloop.format.netloop;

import org.netloop.api.index.IndexFormat;
import org.netloop.tck.CatalogContract;

class NetloopCatalogContractTest extends CatalogContract {
    @Override
    protected IndexFormat format() {
        return new NetloopFormat();
    }
}
