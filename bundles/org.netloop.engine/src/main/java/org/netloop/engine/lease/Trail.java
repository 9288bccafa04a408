package org.netloop.engine.lease;

import org.jspecify.annotations.Nullable;

/** Backend that a task is inside of, for the thread that waits for it. Thread-safe. */
public final class Trail {
    private static final ScopedValue<Trail> CURRENT = ScopedValue.newInstance();

    private volatile @Nullable Backend<?> inside;

    /** Runs an errand that leaves this trail. */
    public void run(Runnable errand) {
        ScopedValue.where(CURRENT, this).run(errand);
    }

    /** A part of the present errand, for another thread. */
    public static Runnable along(Runnable part) {
        Trail trail = current();
        return trail == null ? part : () -> trail.run(part);
    }

    static @Nullable Trail current() {
        return CURRENT.isBound() ? CURRENT.get() : null;
    }

    void enters(Backend<?> backend) {
        inside = backend;
    }

    void leaves() {
        inside = null;
    }

    /**
     * The errand takes far too long: counts that as a fault of the backend it is inside of.
     *
     * @return what messages call that; null if it is in none
     */
    public @Nullable String blame() {
        Backend<?> hanging = inside;
        if (hanging == null) {
            return null;
        }
        hanging.health().hangs();
        return hanging.name();
    }
}
