package org.netloop.engine.lease;

/** Somebody to be told that a service left. */
@FunctionalInterface
public interface Telling extends AutoCloseable {
    /** Need not be told any more. */
    @Override
    void close();
}
