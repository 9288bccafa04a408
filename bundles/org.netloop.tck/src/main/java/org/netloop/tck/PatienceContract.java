package org.netloop.tck;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchPurpose;
import org.netloop.api.transport.FetchRequest;
import org.netloop.api.transport.Transport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Obligations of every {@link Transport} when nothing answers: a call ends when its time is up, or
 * when its thread is interrupted, and by a failure that the contract names. Needs nothing but the
 * transport; {@link TransportContract} is the suite of its author.
 */
@Timeout(240)
public abstract class PatienceContract {
    private static final Duration SHORT = Duration.ofSeconds(1);
    private static final Duration LONG = Duration.ofMinutes(10);

    /** A loaded machine is given time; a call that has no end is found out. */
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(15);

    private static final int ROOM = 64 << 10;

    /** Created by JUnit. */
    protected PatienceContract() {}

    /** Returns the transport under test. */
    protected abstract Transport transport();

    /** Returns the schemes that it serves. */
    protected abstract List<String> schemes();

    @Test
    void aServerThatSaysNothingIsLeftWhenTheTimeIsUp() throws Exception {
        for (String scheme : schemes()) {
            try (ServerSocket silent = silent()) {
                FutureTask<@Nullable Throwable> call = start(uri(scheme, silent), SHORT);
                assertThat(failure(call, "its timeout of " + SHORT))
                        .as("%s, where nothing answers", scheme)
                        .isInstanceOf(FetchException.class);
            }
        }
    }

    @Test
    void anInterruptedCallEnds() throws Exception {
        for (String scheme : schemes()) {
            try (ServerSocket silent = silent()) {
                FutureTask<@Nullable Throwable> call =
                        new FutureTask<>(() -> fetch(uri(scheme, silent), LONG));
                Thread thread = Thread.ofPlatform().daemon().start(call);
                silent.setSoTimeout((int) SHORT.toMillis());
                try (var _ = silent.accept()) {
                    thread.interrupt();
                } catch (SocketTimeoutException _) {
                    // It does not connect to what its URIs name: it waits for something else, or
                    // has ended.
                    thread.interrupt();
                }
                assertThat(failure(call, "the interrupt of its thread"))
                        .isInstanceOfAny(InterruptedException.class, FetchException.class);
            }
        }
    }

    private static ServerSocket silent() throws IOException {
        return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    private static URI uri(String scheme, ServerSocket server) {
        return URI.create(scheme + "://127.0.0.1:" + server.getLocalPort() + "/nothing/here");
    }

    private FutureTask<@Nullable Throwable> start(URI uri, Duration timeout) {
        FutureTask<@Nullable Throwable> call = new FutureTask<>(() -> fetch(uri, timeout));
        Thread.ofPlatform().daemon().start(call);
        return call;
    }

    /** Returns how it failed; null if it did not. */
    private @Nullable Throwable fetch(URI uri, Duration timeout) {
        try {
            transport()
                    .fetch(
                            new FetchRequest(uri, 0, ROOM, timeout, FetchPurpose.DEMAND),
                            ByteBuffer.allocate(ROOM));
            return null;
        } catch (FetchException | InterruptedException | RuntimeException e) {
            return e;
        }
    }

    private static @Nullable Throwable failure(FutureTask<@Nullable Throwable> call, String after)
            throws InterruptedException, ExecutionException {
        try {
            return call.get(ENDS_WITHIN.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError(
                    "a call does not end within " + ENDS_WITHIN + " of " + after, e);
        }
    }
}
