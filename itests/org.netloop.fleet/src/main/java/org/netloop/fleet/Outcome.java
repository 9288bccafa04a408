package org.netloop.fleet;

/**
 * Result of a run.
 *
 * @param kind what stood between machines and mirror
 * @param distant bytes over the distant link
 * @param first shortest time of a boot, in seconds
 * @param up seconds from the start of the first machine until the last one was up
 */
record Outcome(
        Place place,
        Kind kind,
        int machines,
        double distant,
        double first,
        double median,
        double last,
        double up) {}
