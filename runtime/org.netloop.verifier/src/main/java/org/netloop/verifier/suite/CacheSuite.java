package org.netloop.verifier.suite;

import org.netloop.api.cache.BlockCache;
import org.netloop.tck.CacheBoundsContract;
import org.netloop.verifier.Subject;

/** What every {@link BlockCache} promises as it is configured, of the service under test. */
public final class CacheSuite extends CacheBoundsContract {

    /** For JUnit. */
    public CacheSuite() {}

    @Override
    protected BlockCache cache() {
        return Subject.as(BlockCache.class);
    }
}
