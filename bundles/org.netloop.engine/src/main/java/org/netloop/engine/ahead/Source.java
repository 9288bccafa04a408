package org.netloop.engine.ahead;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Block;
import org.netloop.api.transport.FetchException;

/** Knows what may be fetched next. Used by the prefetcher's thread. */
@FunctionalInterface
interface Source {
    /** The next block; null if there is none now. May wait for a part of the index. */
    @Nullable Block next() throws FetchException, InterruptedException;

    /** Returns this source, from its beginning on. */
    default Source again() {
        return this;
    }

    /** Returns whether it ever hands out a part of a range. Called by any thread. */
    default boolean has(long begin, long end) {
        return false;
    }

    /** Returns its progress for a status; empty for none. Called by any thread. */
    default String progress() {
        return "";
    }
}
