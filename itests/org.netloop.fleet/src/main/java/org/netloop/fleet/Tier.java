package org.netloop.fleet;

/** A way by which the machines of a site get blocks. */
interface Tier {
    /** Round trips before the first block: connection, channel, manifest, profile and index. */
    int OPENING = 5;

    /** Returns how long a machine waits before it may ask for blocks, in seconds. */
    double opening();

    /**
     * Brings a block to a machine.
     *
     * @param arrived what to do once it is there whole
     */
    void fetch(int machine, int block, Runnable arrived);
}
