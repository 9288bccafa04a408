package org.netloop.overlay;

/** Consecutive units whose places follow each other. One object is filled again and again. */
final class Run {
    /** Number of units. */
    long count;

    /** The place of the first one. */
    long place;
}
