package org.netloop.engine.trace;

/** A read or a stage, from its beginning to its end. Used by one thread, which also ends it. */
public interface Span {
    /** Goes unrecorded. */
    Span NONE = new Span() {};

    /** Notes that it waits for a part of an object; only reads do. */
    default void awaits(String path, long position) {}

    /** Notes which mirror it is about; only attempts are. */
    default void at(String mirror) {}

    /** Returns whether it is recorded. */
    default boolean isRecorded() {
        return false;
    }

    /**
     * Ends it.
     *
     * @param good whether it achieved what it was for
     */
    default void end(boolean good) {}
}
