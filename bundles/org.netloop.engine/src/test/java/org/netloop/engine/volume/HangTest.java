package org.netloop.engine.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.netloop.api.index.Reference;
import org.netloop.api.transport.FetchRequest;
import org.netloop.api.transport.Fetched;
import org.netloop.api.transport.Transport;
import org.netloop.api.volume.VolumeException;
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
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Plugins that do not return, not even when they are interrupted. */
@Timeout(60)
class HangTest {
    private static final int BLOCK = TestFormat.BLOCK;
    private static final Map<String, Object> FIRST = Map.of("service.ranking", 1);
    private static final Duration PATIENCE = Duration.ofMillis(300);

    /** Half of what they all need is there for the blocks of one image. */
    private final Engine engine = new Engine(16L * BLOCK, Duration.ofMillis(200));

    private final ScriptedTransport transport = new ScriptedTransport();
    private final TestFormat format = new TestFormat(transport);
    private final Semaphore hang = new Semaphore(0);

    @BeforeEach
    void installBackends() {
        engine.bindTransport(transport, Map.of(Transport.SCHEMES, new String[] {"test", "other"}));
        engine.bindFormat(format, Map.of());
        engine.bindCodec(new XorCodec(), Map.of());
    }

    @AfterEach
    void letThemGo() {
        hang.release(1000);
    }

    private OpenVolume open(String base) throws Exception {
        return engine.open(
                new VolumeSpec(
                        "root", new Reference(URI.create(base), null, null), List.of(), PATIENCE));
    }

    private byte[] read(OpenVolume volume, int block) throws Exception {
        ByteBuffer into = ByteBuffer.allocate(1000);
        volume.read((long) block * BLOCK, into);
        return into.array();
    }

    private byte[] expected(int block) {
        return Arrays.copyOfRange(format.image, block * BLOCK, block * BLOCK + 1000);
    }

    private void assertReadsAll(OpenVolume volume) throws Exception {
        for (int block = 0; block < TestFormat.BLOCKS; block++) {
            assertThat(read(volume, block)).isEqualTo(expected(block));
        }
    }

    private final class HangingCodec extends XorCodec {
        @Override
        public boolean decode(ByteBuffer stored, ByteBuffer plain) {
            hang.acquireUninterruptibly();
            while (plain.hasRemaining()) {
                plain.put((byte) 0xee);
            }
            throw new IllegalStateException("too late");
        }
    }

    /** Hangs for one scheme. */
    private final class HangingTransport implements Transport {
        @Override
        public Fetched fetch(FetchRequest request, ByteBuffer into) {
            hang.acquireUninterruptibly();
            while (into.hasRemaining()) {
                into.put((byte) 0xee);
            }
            return new Fetched(Fetched.UNKNOWN, null);
        }
    }

    @Test
    void aHangingCodecIsNamedAndTheNextReadsGoElsewhere() throws Exception {
        try (OpenVolume volume = open("test://a/")) {
            HangingCodec hanging = new HangingCodec();
            engine.bindCodec(hanging, FIRST);
            assertThatThrownBy(() -> read(volume, 0))
                    .isInstanceOf(VolumeException.class)
                    .hasMessageContaining("block at 0 was given up")
                    .hasMessageContaining(HangingCodec.class.getName() + " hangs");
            assertReadsAll(volume);
            // What it writes late is nobody's buffer.
            hang.release(1000);
            assertReadsAll(volume);
        }
    }

    @Test
    void aTransportThatHangsForOneVolumeLeavesTheOthersTheirMemory() throws Exception {
        try (OpenVolume stuck = open("other://a/");
                OpenVolume well = open("test://b/");
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            engine.bindTransport(
                    new HangingTransport(),
                    Map.of(Transport.SCHEMES, "other", "service.ranking", 1));
            List<Future<byte[]>> readers = new ArrayList<>();
            for (int i = 0; i < 4 * TestFormat.BLOCKS; i++) {
                int block = i % TestFormat.HOLE;
                readers.add(threads.submit(() -> read(stuck, block)));
            }
            while (readers.stream().noneMatch(Future::isDone)) {
                assertReadsAll(well);
                TimeUnit.MILLISECONDS.sleep(1);
            }
            for (Future<byte[]> reader : readers) {
                assertThatThrownBy(() -> reader.get())
                        .rootCause()
                        .hasMessageContaining(HangingTransport.class.getName() + " hangs");
            }
            assertReadsAll(well);
            assertReadsAll(stuck);
        }
    }

    /** One waits for blocks 0 and 1, of which 1 hangs; others come and go for 0 alone. */
    @Test
    void whoGivesUpABlockGivesUpNoOtherOneOfItsRange() throws Exception {
        try (OpenVolume volume = open("test://a/")) {
            transport.faults.put(
                    "a",
                    (request, _) -> {
                        if (request.uri().getPath().endsWith(TestFormat.path(1))) {
                            hang.acquireUninterruptibly();
                        } else {
                            boolean _ = hang.tryAcquire(20, TimeUnit.MILLISECONDS);
                        }
                    });
            FutureTask<@Nullable Void> givesUp =
                    new FutureTask<>(
                            () -> {
                                volume.read(0, ByteBuffer.allocate(2 * BLOCK));
                                return null;
                            });
            Thread.ofVirtual().start(givesUp);
            // There is no cache: block 0 is under way nearly all the time.
            while (!givesUp.isDone()) {
                assertThat(read(volume, 0)).isEqualTo(expected(0));
            }
            assertThatThrownBy(() -> givesUp.get()).hasMessageContaining("block at " + BLOCK);
        }
    }

    @Test
    void aSlowCodecCostsTimeOnly() throws Exception {
        engine.bindCodec(
                new XorCodec() {
                    @Override
                    public boolean decode(ByteBuffer stored, ByteBuffer plain) {
                        hang.drainPermits();
                        boolean _ = tryFor(50);
                        return super.decode(stored, plain);
                    }
                },
                FIRST);
        try (OpenVolume volume = open("test://a/")) {
            assertReadsAll(volume);
        }
        assertThat(engine.backends()).allMatch(state -> state.faults() == 0);
    }

    private boolean tryFor(long milliseconds) {
        try {
            return hang.tryAcquire(milliseconds, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
