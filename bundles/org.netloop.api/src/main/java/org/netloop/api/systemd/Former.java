package org.netloop.api.systemd;

import org.netloop.api.systemd.PassedDescriptors.Passed;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The process of which this one is the {@link Successor}: it serves until this one says that it
 * does, and then ends. Thread-safe.
 */
public final class Former {
    private static final Optional<Former> OF_THIS_PROCESS = find();

    private final Passed ready;
    private final CompletableFuture<Void> gone = new CompletableFuture<>();

    private Former(Passed ready, Passed lives) {
        this.ready = ready;
        Thread.ofPlatform().daemon().name("netloop-former").start(() -> await(lives));
    }

    /** Returns that of this process; empty if it succeeds nobody. */
    public static Optional<Former> ofThisProcess() {
        return OF_THIS_PROCESS;
    }

    private static Optional<Former> find() {
        PassedDescriptors passed = PassedDescriptors.ofThisProcess();
        Optional<Passed> ready = passed.take(one -> one.name().equals(Successor.READY));
        Optional<Passed> lives = passed.take(one -> one.name().equals(Successor.LIVES));
        return ready.flatMap(a -> lives.map(b -> new Former(a, b)));
    }

    private void await(Passed lives) {
        try (InputStream in = new FileInputStream("/proc/self/fd/" + lives.number())) {
            // Nothing is written: it ends with the process that has the other end.
            int _ = in.read();
        } catch (IOException _) {
            // As good as its end.
        }
        Spawn.close(lives.number());
        gone.complete(null);
    }

    /**
     * Tells it how many attachments this process has.
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
