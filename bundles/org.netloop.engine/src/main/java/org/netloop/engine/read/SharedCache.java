package org.netloop.engine.read;

import org.netloop.api.block.Digest;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.Fetched;
import org.netloop.engine.fetch.Errand;
import org.netloop.engine.fetch.Stage;
import org.netloop.engine.fetch.Wanted;
import org.netloop.engine.lease.BackendException;
import org.netloop.engine.trace.Span;
import org.netloop.engine.trace.Trace;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.URI;
import java.nio.ByteBuffer;

/**
 * Brings what the cache that machines share has, and hands on all else; what a mirror then sends is
 * given to that cache. Bytes from there pass the same check as a mirror's: wrong ones are dropped
 * there, and a mirror is asked. Thread-safe.
 */
final class SharedCache implements Stage {
    private static final Logger LOG = LoggerFactory.getLogger(SharedCache.class);

    /** Stands for the cache in what a check says. */
    private static final URI SOURCE = URI.create("cache:shared");

    private final CacheTier tier;
    private final Counters counters;
    private final Stage next;

    SharedCache(CacheTier tier, Counters counters, Stage next) {
        this.tier = tier;
        this.counters = counters;
        this.next = next;
    }

    @Override
    public void fetch(Errand errand) throws FetchException, BackendException, InterruptedException {
        Digest key = errand.sharedOrNull();
        if (key == null) {
            next.fetch(errand);
        } else if (!takes(errand, key)) {
            ByteBuffer into = errand.into();
            int start = into.position();
            next.fetch(errand);
            tier.put(key, into.duplicate().flip().position(start));
        }
    }

    private boolean takes(Errand errand, Digest key) throws FetchException, InterruptedException {
        ByteBuffer into = errand.into();
        int start = into.position();
        boolean good = false;
        try {
            if (copies(errand.wanted(), key, into)) {
                int length = into.position() - start;
                errand.check()
                        .accept(
                                into.duplicate().flip().position(start),
                                SOURCE,
                                new Fetched(length, null));
                counters.sharedHits.increment();
                good = true;
            }
        } catch (FetchException.Corrupt e) {
            LOG.debug("block {}: {}", key.brief(), e.getMessage());
            dropIfWrong(key, into.duplicate().flip().position(start));
        } catch (BackendException e) {
            // The cache is not to blame. Over what a mirror sends it is tried again for a while.
            LOG.debug("block {}: {}", key.brief(), e.getMessage());
        } finally {
            if (!good) {
                into.position(start);
            }
        }
        return good;
    }

    /** False if the cache has no such block; its memory is given back before it is decoded. */
    private boolean copies(Wanted wanted, Digest key, ByteBuffer into) {
        Span span = Trace.stage(Trace.SHARED, wanted.path(), wanted.offset(), wanted.length());
        long began = System.nanoTime();
        try (CacheTier.Hit hit = tier.get(key, CacheTier.ANY_LENGTH)) {
            span.end(hit != null);
            if (hit == null) {
                return false;
            }
            if (hit.bytes().remaining() > into.remaining()) {
                dropIfWrong(key, hit.bytes().duplicate());
                return false;
            }
            into.put(hit.bytes());
            return true;
        } finally {
            if (tier.isThere()) {
                counters.sharedTime.since(began);
            }
        }
    }

    /**
     * Drops a block that has other bytes than its digest says. An index that is wrong about a
     * block, as about its length, takes it from nobody else.
     */
    private void dropIfWrong(Digest key, ByteBuffer bytes) {
        if (!key.matches(bytes)) {
            counters.sharedWrong.increment();
            tier.remove(key);
        }
    }
}
