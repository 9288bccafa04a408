package org.netloop.control.changes;

import org.jspecify.annotations.Nullable;
import org.netloop.api.file.HeldLock;
import org.netloop.api.file.PrivateDirectory;
import org.netloop.api.message.Failures;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The directory in which one deployment keeps its changes. Code is loaded from it, so that only its
 * owner and root may write to it. Locked for as long as it is open; a process that succeeds another
 * one shares it until that has ended, and has the lock then. Thread-safe.
 */
public final class KeepDirectory implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(KeepDirectory.class);
    private static final String SYSTEMD = "STATE_DIRECTORY";
    private static final String NAME = "deployment";
    private static final String LOCK = "lock";

    private final Path path;
    private final FileChannel channel;

    // Guarded by the monitor; null while a former process has it.
    private @Nullable HeldLock lock;

    /** Set before others see this object. */
    private CompletableFuture<Void> settled = CompletableFuture.completedFuture(null);

    private KeepDirectory(Path path, FileChannel channel, @Nullable HeldLock lock) {
        this.path = path;
        this.channel = channel;
        this.lock = lock;
    }

    /**
     * Chooses the directory: the one that was asked for, else one in the state directory that
     * systemd made for the unit ({@code StateDirectory=}), else one in the directory of the control
     * socket that was asked for. Empty if there is none of them.
     *
     * @param environment as {@link System#getenv()}
     */
    public static Optional<Path> choose(
            @Nullable Path asked, @Nullable Path state, Map<String, String> environment) {
        if (asked != null) {
            return Optional.of(asked);
        }
        Path ofUnit = Path.of(environment.getOrDefault(SYSTEMD, "").replaceFirst(":.*", ""));
        if (ofUnit.isAbsolute()) {
            return Optional.of(ofUnit.resolve(NAME));
        }
        return Optional.ofNullable(state).map(directory -> directory.resolve(NAME));
    }

    /**
     * Opens a directory; makes it if it is not there.
     *
     * @param former completes when the process that this one succeeds has ended, which may use the
     *     directory until then; null if it succeeds none
     * @throws IOException if others may write to it, or another deployment uses it
     */
    public static KeepDirectory open(Path directory, @Nullable CompletableFuture<Void> former)
            throws IOException {
        Path path = PrivateDirectory.create(directory);
        Path file = path.resolve(LOCK);
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        HeldLock lock = HeldLock.tryHold(file, channel).orElse(null);
        KeepDirectory kept = new KeepDirectory(path, channel, lock);
        if (lock == null && former == null) {
            kept.close();
            throw new IOException(
                    directory
                            + " is used by another deployment that runs: give each its own --keep");
        }
        if (lock == null && former != null) {
            kept.settled = former.thenRunAsync(kept::hold, KeepDirectory::start);
        }
        return kept;
    }

    private static void start(Runnable task) {
        Thread.ofPlatform().daemon().name("netloop-keep").start(task);
    }

    /** Waits for a lock that the kernel may take from a process a moment after its end is seen. */
    private void hold() {
        try {
            HeldLock held = HeldLock.hold(path.resolve(LOCK), channel);
            synchronized (this) {
                lock = held;
            }
        } catch (IOException e) {
            LOG.warn("{} is used without a lock: {}", path, Failures.sentence(e));
        }
    }

    /** Completes when it has the lock, or cannot get it. */
    CompletableFuture<Void> settled() {
        return settled.copy();
    }

    /** Returns its path. */
    public Path path() {
        return path;
    }

    @Override
    public synchronized void close() throws IOException {
        if (lock != null) {
            lock.close();
        }
        channel.close();
    }
}
