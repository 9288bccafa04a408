package org.netloop.engine.lease;

/** Subscription to the news that a service left. */
@FunctionalInterface
public interface Telling extends AutoCloseable {
    /** Need not be told any more. */
    @Override
    void close();
}
