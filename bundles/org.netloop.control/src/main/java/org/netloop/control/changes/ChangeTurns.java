package org.netloop.control.changes;

import org.netloop.api.systemd.Former;
import org.netloop.api.systemd.PassedSockets;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BooleanSupplier;

/**
 * Turns of changes that outlive the process, and of upgrades: none is made while two processes of a
 * deployment serve, as either may be asked and the other one would not know of it. Thread-safe.
 */
public final class ChangeTurns {
    /** A former process that was told to end does so within this time. */
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(10);

    private final BooleanSupplier between;
    private final CompletableFuture<Void> former;
    private final Duration wait;

    /** Changes read, an upgrade writes. */
    private final ReentrantReadWriteLock turns = new ReentrantReadWriteLock();

    /**
     * @param between returns whether a former process has not ended yet, or a successor took over
     * @param former completes when the process that this one succeeds has ended
     */
    public ChangeTurns(BooleanSupplier between, CompletableFuture<Void> former) {
        this(between, former, ENDS_WITHIN);
    }

    /** Creates the turns of this process. */
    public static ChangeTurns ofThisProcess() {
        return new ChangeTurns(
                PassedSockets.ofThisProcess()::isHandedOver,
                Former.ofThisProcess()
                        .map(Former::gone)
                        .orElse(CompletableFuture.completedFuture(null)));
    }

    /**
     * @param wait for the former process, before a change is refused
     */
    ChangeTurns(BooleanSupplier between, CompletableFuture<Void> former, Duration wait) {
        this.between = between;
        this.former = former;
        this.wait = wait;
    }

    /** A turn, which ends when it is closed by the thread that took it. */
    public interface Turn extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Takes the turn of a change; there may be several. Waits a moment for a former process, which
     * may be ending.
     *
     * @throws IOException while an upgrade is under way
     */
    public Turn change() throws IOException, InterruptedException {
        awaitFormer();
        if (!turns.readLock().tryLock()) {
            throw new IOException(refusal());
        }
        if (between.getAsBoolean()) {
            turns.readLock().unlock();
            throw new IOException(refusal());
        }
        return turns.readLock()::unlock;
    }

    private void awaitFormer() throws InterruptedException {
        try {
            former.get(wait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException _) {
            // It is refused then.
        }
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
