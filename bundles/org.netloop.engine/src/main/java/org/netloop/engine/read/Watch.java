package org.netloop.engine.read;

import org.netloop.api.block.Block;
import org.netloop.api.transport.FetchPurpose;

/**
 * Is told what comes from mirrors. Called by the thread that fetches, by many at once; it may take
 * no time. A block that is in memory or on disk is not told of.
 */
@FunctionalInterface
public interface Watch {
    /** Nobody watches. */
    Watch NOBODY = (_, _, _) -> (_, _) -> {};

    /**
     * A block is about to be fetched.
     *
     * @param bytes how many stored bytes are to come, with those of others that come along
     */
    Trip begins(Block block, int bytes, FetchPurpose purpose);

    /** A fetch under way. */
    @FunctionalInterface
    interface Trip {
        /**
         * It has ended. Called once.
         *
         * @param bytes how many stored bytes came
         * @param good whether they are the block's
         */
        void ended(int bytes, boolean good);
    }
}
