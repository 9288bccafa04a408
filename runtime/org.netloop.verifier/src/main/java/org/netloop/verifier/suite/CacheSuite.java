package org.netloop.verifier.suite;

import org.netloop.api.cache.BlockCache;
import org.netloop.tck.CacheBoundsContract;
import org.netloop.verifier.Subject;

/**
 * Obligations of every {@link BlockCache} in its configured state, checked on the service under
 * test.
 */
public final class CacheSuite extends CacheBoundsContract {

    /** Created by JUnit. */
    public CacheSuite() {}

    @Override
    protected BlockCache cache() {
        return Subject.as(BlockCache.class);
    }
}
