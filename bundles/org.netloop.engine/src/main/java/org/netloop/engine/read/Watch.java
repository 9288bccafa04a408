package org.netloop.engine.read;

import org.netloop.api.block.Block;
import org.netloop.api.transport.FetchPurpose;
import org.netloop.engine.fetch.UnderWay;

/**
 * Is told what comes from mirrors. Called by the thread that fetches, by many at once; it may take
 * no time. A block that is in memory or on disk is not told of.
 */
@FunctionalInterface
public interface Watch {
    /** Observer that does nothing. */
    Watch NOBODY = (_, _, _) -> UnderWay.UNSEEN;

    /**
     * A block is about to be fetched.
     *
     * @param bytes how many stored bytes are to come, with those of others that come along
     */
    UnderWay begins(Block block, int bytes, FetchPurpose purpose);
}
