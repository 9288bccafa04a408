package org.netloop.engine.read;

import org.jspecify.annotations.Nullable;
import org.netloop.api.transport.FetchException;
import org.netloop.engine.fetch.Errand;
import org.netloop.engine.fetch.Stage;
import org.netloop.engine.lease.BackendException;

/**
 * Has a block rebuilt from a delta and from cached blocks of an earlier image, where that can be
 * done, and hands on all else. Thread-safe.
 */
final class Rebuilding implements Stage {
    private final Stage next;

    /** Null until the image is open. */
    private volatile @Nullable Rebuilder rebuilder;

    Rebuilding(Stage next) {
        this.next = next;
    }

    /** Uses this one from now on. */
    void by(Rebuilder opened) {
        rebuilder = opened;
    }

    /** Returns what rebuilds; null until the image is open. */
    @Nullable Rebuilder rebuilder() {
        return rebuilder;
    }

    @Override
    public void fetch(Errand errand) throws FetchException, BackendException, InterruptedException {
        Rebuilder known = rebuilder;
        if (known == null || !known.rebuild(errand, next)) {
            next.fetch(errand);
        }
    }
}
