package org.netloop.engine.ahead;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Block;
import org.netloop.api.transport.FetchException;
import org.netloop.engine.read.PackRange;

import java.util.List;

/** Knows what may be fetched next by one request for several blocks. Used by one thread. */
@FunctionalInterface
interface Ranges {
    /** No ranges. */
    Ranges NONE = (_, _) -> null;

    /**
     * The next range of absent blocks.
     *
     * @param most the longest range, in bytes; one block may be longer
     * @param alone is given the blocks before it that no range has
     * @return null at the end
     */
    @Nullable PackRange next(int most, List<Block> alone)
            throws FetchException, InterruptedException;
}
