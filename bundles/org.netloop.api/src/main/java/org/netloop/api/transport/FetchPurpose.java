package org.netloop.api.transport;

/** Reason for a fetch. It travels with the request, as patience and queueing differ. */
public enum FetchPurpose {
    /** A reader waits for it. */
    DEMAND,
    /** A reader will probably want it soon. */
    PREFETCH,
    /** The image is being completed while the link is idle. */
    FILL,
    /** A mirror is being measured. */
    PROBE,
    /** A user or program checks what a mirror holds. */
    VERIFY
}
