package org.netloop.engine.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.netloop.api.index.Reference;
import org.netloop.api.transport.FetchException;
import org.netloop.api.volume.Volumes.OpenVolume;
import org.netloop.api.volume.Volumes.VolumeSpec;

import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A volume that never gives up its mirrors. */
@Timeout(60)
class PatienceTest extends OneMirror {
    private OpenVolume open(String host, Duration patience) throws Exception {
        return engine.open(
                new VolumeSpec(
                        host,
                        new Reference(URI.create("test://" + host + "/"), null, null),
                        List.of(),
                        patience));
    }

    private ByteBuffer block(OpenVolume volume, int number) throws Exception {
        int length =
                (int) Math.min(TestFormat.BLOCK, volume.size() - (long) number * TestFormat.BLOCK);
        ByteBuffer into = ByteBuffer.allocate(length);
        volume.read((long) number * TestFormat.BLOCK, into);
        return into;
    }

    private byte[] expected(int number) {
        int from = number * TestFormat.BLOCK;
        return Arrays.copyOfRange(
                good.image, from, Math.min(from + TestFormat.BLOCK, good.image.length));
    }

    private void takeDown(String host) {
        transport.faults.put(
                host,
                (_, _) -> {
                    throw new FetchException.Unavailable("refused", null);
                });
    }

    private void awaitRequests(String host, long more) {
        long before = transport.requestsTo(host);
        while (transport.requestsTo(host) < before + more) {
            Thread.onSpinWait();
        }
    }

    @Test
    void readsWaitForTheMirrorAndGoOnWhenItIsBack() throws Exception {
        engine.bindFormat(good, Map.of());
        try (OpenVolume volume = open("gone", VolumeSpec.FOR_EVER);
                OpenVolume other = open("there", PATIENCE);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            takeDown("gone");
            List<Future<ByteBuffer>> reads = new ArrayList<>();
            for (int number = 0; number < TestFormat.BLOCKS; number++) {
                int which = number;
                reads.add(threads.submit(() -> block(volume, which)));
            }
            awaitRequests("gone", 2L * TestFormat.BLOCKS);
            assertThat(block(other, 1).array()).isEqualTo(expected(1));
            assertThat(reads.get(1).isDone()).isFalse();
            transport.faults.remove("gone");
            for (int number = 0; number < TestFormat.BLOCKS; number++) {
                assertThat(reads.get(number).get().array()).isEqualTo(expected(number));
            }
        }
    }

    @Test
    void aReadThatWaitsForEverCanBeInterrupted() throws Exception {
        engine.bindFormat(good, Map.of());
        try (OpenVolume volume = open("gone", VolumeSpec.FOR_EVER)) {
            takeDown("gone");
            Thread reader =
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        try {
                                            block(volume, 0);
                                        } catch (Exception e) {
                                            Thread.currentThread().interrupt();
                                        }
                                    });
            awaitRequests("gone", 2);
            reader.interrupt();
            reader.join();
            // Nobody waits any more: the flight ends too.
            while (Measured.pending(volume) > 0) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void anObjectThatIsMissingIsNotWaitedFor() throws Exception {
        engine.bindFormat(good, Map.of());
        try (OpenVolume volume = open("a", VolumeSpec.FOR_EVER)) {
            transport.objects.remove("/" + TestFormat.path(0));
            assertThatThrownBy(() -> block(volume, 0)).hasMessageContaining("is not there");
        }
    }
}
