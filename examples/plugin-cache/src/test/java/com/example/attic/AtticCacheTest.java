package com.example.attic;

import org.netloop.api.cache.BlockCache;
import org.netloop.tck.BlockCacheContract;

/** The cache keeps what its contract promises: the tests are inherited. */
class AtticCacheTest extends BlockCacheContract {
    @Override
    protected BlockCache cache(long budget) {
        return new AtticCache(budget);
    }

    /** Does nothing: the cache evicts while it puts. */
    @Override
    protected void settle(BlockCache cache) {}
}
