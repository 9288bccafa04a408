package org.netloop.publish;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Settings of a publisher; none of them changes the result.
 *
 * @param workers how many blocks are encoded at a time, at least 1
 * @param bufferBytes how much memory the buffers of one publishing may take; two blocks always fit
 * @param tableCapacity how many blocks are remembered at a time, at least 2
 * @param stateDirectory where journals are kept
 * @param checkpointInterval how often new blocks are made durable and noted in the journal,
 *     positive
 */
record Settings(
        int workers,
        long bufferBytes,
        int tableCapacity,
        Path stateDirectory,
        Duration checkpointInterval) {

    /** Checks the ranges. */
    Settings {
        if (workers < 1
                || bufferBytes < 1
                || tableCapacity < 2
                || !checkpointInterval.isPositive()) {
            throw new IllegalArgumentException(
                    workers
                            + " workers, "
                            + bufferBytes
                            + " bytes of buffers, "
                            + tableCapacity
                            + " known blocks, a checkpoint each "
                            + checkpointInterval);
        }
    }
}
