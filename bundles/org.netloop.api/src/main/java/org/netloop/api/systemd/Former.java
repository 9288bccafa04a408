package org.netloop.api.systemd;

import org.jspecify.annotations.Nullable;
import org.netloop.api.systemd.PassedDescriptors.Passed;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/**
 * The process of which this one is the {@link Successor}: it serves until this one says that it
 * does, and then ends; or, if this one only stands by, until it ends by itself. Thread-safe.
 */
public final class Former {
    private static final Optional<Former> OF_THIS_PROCESS = find();

    private static final Duration LOOK_EVERY = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final Passed ready;
    private final @Nullable Passed process;
    private final CompletableFuture<Void> gone = new CompletableFuture<>();

    private Former(Passed ready, Passed lives, @Nullable Passed process) {
        this.ready = ready;
        this.process = process;
        Thread.ofPlatform().daemon().name("netloop-former").start(() -> await(lives));
    }

    /** Returns that of this process; empty if it succeeds nobody. */
    public static Optional<Former> ofThisProcess() {
        return OF_THIS_PROCESS;
    }

    private static Optional<Former> find() {
        PassedDescriptors passed = PassedDescriptors.ofThisProcess();
        Passed process = take(passed, Successor.PROCESS);
        Passed ready = take(passed, process == null ? Successor.READY : Successor.STANDS_BY);
        Passed lives = take(passed, Successor.LIVES);
        return ready == null || lives == null
                ? Optional.empty()
                : Optional.of(new Former(ready, lives, process));
    }

    private static @Nullable Passed take(PassedDescriptors passed, String name) {
        return passed.take(one -> one.name().equals(name)).orElse(null);
    }

    /** Returns whether this process stands by, to go on when that one has ended. */
    public boolean isStoodBy() {
        return process != null;
    }

    private void await(Passed lives) {
        if (process != null) {
            // Loads what is needed when there is no time for it.
            boolean _ = Pidfd.await(process.number(), Duration.ZERO);
        }
        try (InputStream in = new FileInputStream("/proc/self/fd/" + lives.number())) {
            // Nothing is written: it ends with the process that has the other end.
            int _ = in.read();
        } catch (IOException _) {
            // As good as its end.
        }
        Spawn.close(lives.number());
        if (process != null) {
            // Its locks may be there a moment longer than its pipe; and as long as it lives it
            // serves, whatever the pipe says.
            while (!Pidfd.await(process.number(), LOOK_EVERY)) {
                // A signal, or a descriptor that is of no use any more.
                LockSupport.parkNanos(PAUSE.toNanos());
            }
            Spawn.close(process.number());
        }
        gone.complete(null);
    }

    /**
     * Tells it how many attachments this process has; none, if it stands by. May be told again.
     *
     * @throws IOException if it has ended
     */
    public void ready(long attachments) throws IOException {
        try (OutputStream out = new FileOutputStream("/proc/self/fd/" + ready.number())) {
            out.write((attachments + "\n").getBytes(StandardCharsets.US_ASCII));
        }
    }

    /** Completes when it has ended. */
    public CompletableFuture<Void> gone() {
        return gone.copy();
    }
}
