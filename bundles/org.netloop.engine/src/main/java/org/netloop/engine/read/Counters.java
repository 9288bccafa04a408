package org.netloop.engine.read;

import java.util.concurrent.atomic.LongAdder;

/** What a volume did since it was opened. Thread-safe. */
public final class Counters {
    /** Reads answered. */
    public final LongAdder reads = new LongAdder();

    /** Bytes they asked for. */
    public final LongAdder bytesRead = new LongAdder();

    /** Reads that failed. */
    public final LongAdder failedReads = new LongAdder();

    /** Blocks that came from the plain cache. */
    public final LongAdder plainHits = new LongAdder();

    /** Blocks that came from the stored cache. */
    public final LongAdder storedHits = new LongAdder();

    /** Objects that came from mirrors. */
    public final LongAdder fetches = new LongAdder();

    /** Bytes they had. */
    public final LongAdder bytesFetched = new LongAdder();

    /** Those of them that nobody had asked for. */
    public final LongAdder aheadBlocks = new LongAdder();

    /** Bytes they had. */
    public final LongAdder aheadBytes = new LongAdder();

    /** For how many of them a reader came while they were under way. */
    public final LongAdder aheadJoined = new LongAdder();
}
