package org.netloop.control.changes;

import java.io.IOException;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BooleanSupplier;

/**
 * Turns of changes that outlive the process, and of upgrades: none is made while two processes of a
 * deployment serve, as either may be asked and the other one would not know of it. Thread-safe.
 */
public final class ChangeTurns {
    private final BooleanSupplier between;

    /** Changes read, an upgrade writes. */
    private final ReentrantReadWriteLock turns = new ReentrantReadWriteLock();

    /**
     * @param between returns whether a former process has not ended yet, or a successor took over
     */
    public ChangeTurns(BooleanSupplier between) {
        this.between = between;
    }

    /** A turn, which ends when it is closed by the thread that took it. */
    public interface Turn extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Takes the turn of a change; there may be several.
     *
     * @throws IOException while an upgrade is under way
     */
    public Turn change() throws IOException {
        if (!turns.readLock().tryLock()) {
            throw new IOException(refusal());
        }
        if (between.getAsBoolean()) {
            turns.readLock().unlock();
            throw new IOException(refusal());
        }
        return turns.readLock()::unlock;
    }

    private static String refusal() {
        return "an upgrade is under way, and nothing is changed until one process serves alone:"
                + " try again then";
    }

    /**
     * Takes the turn of an upgrade.
     *
     * @throws IOException while another one, or a change, is under way
     */
    public Turn upgrade() throws IOException {
        if (!turns.writeLock().tryLock()) {
            throw new IOException(
                    turns.isWriteLocked()
                            ? "another upgrade is under way"
                            : "a change of the deployment is under way: try again when it is made");
        }
        if (between.getAsBoolean()) {
            turns.writeLock().unlock();
            throw new IOException("another upgrade is under way");
        }
        return turns.writeLock()::unlock;
    }
}
