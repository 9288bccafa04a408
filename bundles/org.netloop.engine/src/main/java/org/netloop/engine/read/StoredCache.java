package org.netloop.engine.read;

import org.netloop.api.block.Digest;
import org.netloop.api.transport.FetchException;
import org.netloop.engine.fetch.Errand;
import org.netloop.engine.fetch.Stage;
import org.netloop.engine.fetch.Wanted;
import org.netloop.engine.lease.BackendException;
import org.netloop.engine.trace.Span;
import org.netloop.engine.trace.Trace;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what the cache of stored blocks has, and hands on all else. What is damaged there is
 * dropped: a mirror is asked, and what it sends is kept in its place. Thread-safe.
 */
final class StoredCache implements Stage {
    private static final Logger LOG = LoggerFactory.getLogger(StoredCache.class);

    private final CacheTier tier;
    private final Counters counters;
    private final Stage next;

    StoredCache(CacheTier tier, Counters counters, Stage next) {
        this.tier = tier;
        this.counters = counters;
        this.next = next;
    }

    @Override
    public void fetch(Errand errand) throws FetchException, BackendException, InterruptedException {
        Errand.Cached cached = errand.cachedOrNull();
        if (cached == null || !takes(errand.wanted(), cached.key(), cached.taker())) {
            next.fetch(errand);
        }
    }

    private boolean takes(Wanted wanted, Digest key, Errand.Taker taker)
            throws FetchException, InterruptedException {
        Span span = Trace.stage(Trace.STORED, wanted.path(), wanted.offset(), wanted.length());
        long began = System.nanoTime();
        try (CacheTier.Hit hit = tier.get(key, CacheTier.ANY_LENGTH)) {
            span.end(hit != null);
            if (hit == null) {
                return false;
            }
            counters.storedTime.since(began);
            taker.take(hit.bytes());
            counters.storedHits.increment();
            return true;
        } catch (FetchException.Corrupt _) {
            tier.remove(key);
            return false;
        } catch (BackendException e) {
            // The cache is not to blame. Over what a mirror sends it is tried again for a while.
            LOG.debug("block {}: {}", key.brief(), e.getMessage());
            return false;
        }
    }
}
