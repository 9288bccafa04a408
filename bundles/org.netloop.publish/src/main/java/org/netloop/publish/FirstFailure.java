package org.netloop.publish;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/** The failure that ends a publishing: the first of any of its threads. Thread-safe. */
final class FirstFailure {
    private final AtomicReference<@Nullable Throwable> first = new AtomicReference<>();
    private final Thread owner = Thread.currentThread();

    /** Keeps it, if it is the first, and wakes the thread that made this. */
    void set(Throwable failure) {
        first.compareAndSet(null, failure);
        LockSupport.unpark(owner);
    }

    /** Throws it, if there is one. */
    void check() throws IOException {
        switch (first.get()) {
            case null -> {}
            case IOException e -> throw e;
            case Error e -> throw e;
            case Throwable e -> throw new IOException("the image cannot be packed: " + e, e);
        }
    }
}
