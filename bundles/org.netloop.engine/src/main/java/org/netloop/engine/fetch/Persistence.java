package org.netloop.engine.fetch;

/** Limit to how long mirrors that did not answer are asked again. */
public enum Persistence {
    /** Asks until the deadline. */
    UNTIL_DEADLINE,
    /** Asks until the deadline, unless a mirror that did answer does not have it. */
    UNLESS_LACKED,
    /** Asks all mirrors once. */
    ONCE
}
