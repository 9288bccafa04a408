package org.netloop.transport.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.netloop.api.transport.FetchException.Unavailable;
import org.netloop.api.transport.FetchRequest;
import org.netloop.tck.Fault;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** Fetches that end in the middle: by the clock, by an interrupt, by the transport's own end. */
class LifecycleTest extends MirrorTest {

    @Override
    Map<String, Object> settings() {
        return Map.of("proxy", "", "connections_per_mirror", 1, "connections", 1);
    }

    @Test
    void aFetchThatTimesOutGivesItsConnectionBack() throws Exception {
        URI uri = offer("block", 5000);
        for (Fault fault : new Fault[] {Fault.SILENT, Fault.TRICKLE, Fault.SILENT}) {
            mirror.fault(fault);
            assertThatThrownBy(() -> fetch(uri, 0, FetchRequest.TO_END, 5000, SHORT))
                    .isInstanceOf(Unavailable.class)
                    .hasMessageContaining("500 ms");
        }
        mirror.clearFaults();
        assertThat(fetch(uri, 5000)).isEqualTo(slice(5000, 0, 5000));
    }

    @Test
    void aFetchThatWaitsForAConnectionEndsInTime() throws Exception {
        URI uri = offer("block", 5000);
        mirror.fault("silent", Fault.SILENT);
        Thread occupant = Thread.startVirtualThread(() -> ignoring(uri("silent")));
        await(() -> !mirror.requests().isEmpty());
        long began = System.nanoTime();
        assertThatThrownBy(() -> fetch(uri, 0, FetchRequest.TO_END, 5000, SHORT))
                .isInstanceOf(Unavailable.class);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(30));
        occupant.interrupt();
        assertThat(occupant.join(Duration.ofSeconds(30))).isTrue();
        assertThat(fetch(uri, 5000)).isEqualTo(slice(5000, 0, 5000));
    }

    private void ignoring(URI uri) {
        try {
            fetch(uri, 5000);
        } catch (Exception _) {
            // It only has to be there for a while.
        }
    }

    static void await(java.util.function.BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            Thread.onSpinWait();
        }
    }

    @Test
    void anInterruptEndsAFetchPromptly() throws Exception {
        mirror.fault(Fault.SILENT);
        CompletableFuture<Throwable> outcome = new CompletableFuture<>();
        Thread reader =
                Thread.startVirtualThread(
                        () -> {
                            try {
                                fetch(uri("block"), 5000);
                                outcome.complete(new AssertionError("it was answered"));
                            } catch (Exception e) {
                                outcome.complete(e);
                            }
                        });
        await(() -> !mirror.requests().isEmpty());
        reader.interrupt();
        assertThat(outcome.get(30, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
    }

    @Test
    void aFetchInsideAStoppingTransportIsUnavailableSoon() throws Exception {
        mirror.fault(Fault.SILENT);
        CompletableFuture<?> outcome =
                CompletableFuture.runAsync(
                        () -> {
                            try {
                                fetch(uri("block"), 5000);
                            } catch (Exception e) {
                                throw new java.util.concurrent.CompletionException(e);
                            }
                        },
                        Thread::startVirtualThread);
        await(() -> !mirror.requests().isEmpty());
        transport.stop();
        assertThatThrownBy(() -> outcome.get(30, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(Unavailable.class)
                .hasMessageContaining(uri("block").toString());
    }

    @Test
    void aStoppedTransportIsUnavailable() {
        URI uri = offer("block", 10);
        transport.stop();
        assertThatThrownBy(() -> fetch(uri, 10))
                .isInstanceOf(Unavailable.class)
                .hasMessageContaining(uri.toString());
    }

    @Test
    void theLatencyIsTheMirrorsAndNotTheQueues() throws Exception {
        offer("block", 10);
        mirror.delay(Duration.ofMillis(1500));
        Thread occupant = Thread.startVirtualThread(() -> ignoring(uri("block")));
        await(() -> !mirror.requests().isEmpty());
        long latency = head(uri("block")).latencyNanos();
        occupant.join();
        assertThat(Duration.ofNanos(latency))
                .isBetween(Duration.ofMillis(1450), Duration.ofMillis(2900));
    }
}
