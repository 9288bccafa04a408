package org.netloop.tck;

/** Fault that a {@link FakeMirror} shows instead of a correct answer. */
public enum Fault {
    /** 404. */
    NOT_FOUND,
    /** 403. */
    FORBIDDEN,
    /** 500. */
    SERVER_ERROR,
    /** 503 with {@code Retry-After: 7}. */
    BUSY,
    /** The right length, other bytes. */
    WRONG_BYTES,
    /** Half of the body that was announced, then the connection is closed. */
    TRUNCATED,
    /** A body that never ends, of no announced length. */
    ENDLESS,
    /** A redirect to itself. */
    REDIRECT_LOOP,
    /** The request is taken, nothing is answered. */
    SILENT,
    /** A byte now and then. */
    TRICKLE,
    /** The connection is closed at once. */
    CLOSED,
    /** The body is said to be coded by gzip. */
    CODED,
    /** The range asked for is answered with another. */
    WRONG_RANGE,
    /** A range is asked for, the whole object comes. */
    RANGE_IGNORED,
    /** A header that never ends. */
    ENDLESS_HEAD,
    /** A body in chunks, cut off in the middle of one. */
    CUT_CHUNK,
    /** Bytes that are not HTTP, then the connection is closed. */
    GIBBERISH
}
