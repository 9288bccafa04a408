package org.netloop.transport.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.netloop.api.transport.FetchException.Unavailable;
import org.netloop.api.transport.FetchPurpose;
import org.netloop.api.transport.FetchRequest;
import org.netloop.tck.FakeMirror;
import org.netloop.tck.Fault;

import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Fetches that end in the middle: by the clock, by an interrupt, by the transport's own end. */
@Timeout(120)
@SuppressWarnings("NullAway.Init")
class LifecycleTest {
    private static final URI BLOCK = URI.create("s3://images/block");
    private static final Duration SHORT = Duration.ofMillis(800);

    private FakeMirror mirror;
    private S3Transport transport;

    @BeforeEach
    void start() throws Exception {
        mirror = new FakeMirror();
        mirror.put("images/block", new byte[5000]);
        transport =
                Keys.transport(
                        Map.of(
                                "profile",
                                Keys.RIGHT,
                                "endpoint",
                                mirror.base().toString(),
                                "connections",
                                1));
        fetch(Duration.ofSeconds(60));
    }

    @AfterEach
    void stop() throws Exception {
        transport.stop();
        mirror.close();
    }

    private ByteBuffer fetch(Duration timeout) throws Exception {
        ByteBuffer into = ByteBuffer.allocate(5000);
        transport.fetch(FetchRequest.whole(BLOCK, timeout, FetchPurpose.DEMAND), into);
        return into;
    }

    /** A fetch by another thread, under way when this returns. */
    private Thread fetchElsewhere(CompletableFuture<Throwable> outcome) {
        int before = mirror.requests().size();
        Thread reader =
                Thread.startVirtualThread(
                        () -> {
                            try {
                                fetch(Duration.ofSeconds(60));
                                outcome.complete(new AssertionError("it was answered"));
                            } catch (Exception e) {
                                outcome.complete(e);
                            }
                        });
        await(() -> mirror.requests().size() > before);
        return reader;
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            Thread.onSpinWait();
        }
    }

    @Test
    void aFetchThatTimesOutGivesItsConnectionBack() throws Exception {
        for (Fault fault : new Fault[] {Fault.SILENT, Fault.TRICKLE, Fault.SILENT}) {
            mirror.fault(fault);
            assertThatThrownBy(() -> fetch(SHORT))
                    .isInstanceOf(Unavailable.class)
                    .hasMessageContaining("800 ms");
        }
        mirror.clearFaults();
        assertThat(fetch(Duration.ofSeconds(60)).hasRemaining()).isFalse();
    }

    @Test
    void aFetchThatWaitsForAConnectionEndsInTime() throws Exception {
        mirror.fault(Fault.SILENT);
        CompletableFuture<Throwable> outcome = new CompletableFuture<>();
        Thread occupant = fetchElsewhere(outcome);
        assertThatThrownBy(() -> fetch(SHORT)).isInstanceOf(Unavailable.class);
        assertThat(mirror.requests()).as("the only connection is taken").hasSize(2);
        occupant.interrupt();
        assertThat(occupant.join(Duration.ofSeconds(30))).isTrue();
    }

    @Test
    void anInterruptEndsAFetchPromptly() throws Exception {
        mirror.fault(Fault.SILENT);
        CompletableFuture<Throwable> outcome = new CompletableFuture<>();
        fetchElsewhere(outcome).interrupt();
        assertThat(outcome.get(30, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
    }

    @Test
    void nothingIsWrittenAfterTheFetchHasEnded() throws Exception {
        mirror.put("images/block", new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9});
        mirror.fault(Fault.TRICKLE);
        ByteBuffer into = ByteBuffer.allocate(5000);
        assertThatThrownBy(
                        () ->
                                transport.fetch(
                                        FetchRequest.whole(BLOCK, SHORT, FetchPurpose.DEMAND),
                                        into))
                .isInstanceOf(Unavailable.class);
        byte[] before = into.array().clone();
        mirror.clearFaults();
        // By the time another fetch is through, a late byte of the first would have come.
        fetch(Duration.ofSeconds(60));
        assertThat(into.array()).isEqualTo(before);
    }

    @Test
    void aFetchInsideAStoppingTransportIsUnavailableSoon() throws Exception {
        mirror.fault(Fault.SILENT);
        CompletableFuture<Throwable> outcome = new CompletableFuture<>();
        fetchElsewhere(outcome);
        transport.stop();
        assertThat(outcome.get(30, TimeUnit.SECONDS))
                .isInstanceOf(Unavailable.class)
                .hasMessageContaining(BLOCK.toString());
    }

    @Test
    void aStoppedTransportIsUnavailable() {
        transport.stop();
        assertThatThrownBy(() -> fetch(SHORT))
                .isInstanceOf(Unavailable.class)
                .hasMessageContaining(BLOCK.toString())
                .hasMessageContaining("stopped");
    }

    @Test
    void theLatencyIsTheServers() throws Exception {
        mirror.delay(Duration.ofMillis(1500));
        long latency =
                transport
                        .fetch(
                                FetchRequest.whole(
                                        BLOCK, Duration.ofSeconds(60), FetchPurpose.DEMAND),
                                ByteBuffer.allocate(5000))
                        .latencyNanos();
        assertThat(Duration.ofNanos(latency))
                .isBetween(Duration.ofMillis(1490), Duration.ofMillis(6000));
    }
}
