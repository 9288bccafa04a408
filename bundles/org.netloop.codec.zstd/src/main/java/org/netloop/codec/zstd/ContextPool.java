package org.netloop.codec.zstd;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.function.Supplier;

/**
 * Contexts of the library, used again: making one costs more than decoding a block. As many as may
 * be busy at once are kept; threads are virtual, so none can keep its own. Thread-safe.
 */
final class ContextPool<C extends AutoCloseable> {
    private static final int KEPT = 2 * Runtime.getRuntime().availableProcessors();

    private final ArrayBlockingQueue<C> idle = new ArrayBlockingQueue<>(KEPT);
    private final Supplier<C> maker;
    private volatile boolean closed;

    ContextPool(Supplier<C> maker) {
        this.maker = maker;
    }

    C take() {
        C context = idle.poll();
        return context == null ? maker.get() : context;
    }

    void give(C context) {
        if (closed || !idle.offer(context)) {
            end(context);
        }
    }

    void close() {
        closed = true;
        for (C context = idle.poll(); context != null; context = idle.poll()) {
            end(context);
        }
    }

    private static void end(AutoCloseable context) {
        try {
            context.close();
        } catch (Exception e) {
            throw new IllegalStateException("a zstd context cannot be closed", e);
        }
    }
}
