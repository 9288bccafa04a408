package org.netloop.engine.read;

import org.netloop.api.transport.FetchException;
import org.netloop.engine.fetch.Errand;
import org.netloop.engine.fetch.Stage;
import org.netloop.engine.fetch.UnderWay;
import org.netloop.engine.fetch.Wanted;
import org.netloop.engine.lease.BackendException;
import org.netloop.engine.trace.Span;
import org.netloop.engine.trace.Trace;

/** Counts what comes from mirrors, and tells whoever watches an errand. Thread-safe. */
final class Metered implements Stage {
    private final Counters counters;
    private final Stage next;

    Metered(Counters counters, Stage next) {
        this.counters = counters;
        this.next = next;
    }

    @Override
    public void fetch(Errand errand) throws FetchException, BackendException, InterruptedException {
        int start = errand.into().position();
        UnderWay underWay = errand.begins();
        Wanted wanted = errand.wanted();
        Span span = Trace.stage(Trace.MIRROR, wanted.path(), wanted.offset(), wanted.length());
        boolean good = false;
        long began = System.nanoTime();
        try {
            next.fetch(errand);
            good = true;
        } finally {
            counters.mirrorTime.since(began);
            span.end(good);
            underWay.ended(good ? errand.into().position() - start : 0, good);
        }
        counters.fetches.increment();
        counters.bytesFetched.add(errand.into().position() - start);
    }
}
