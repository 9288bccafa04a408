package org.netloop.engine.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.netloop.api.index.Reference;
import org.netloop.api.transport.Transport;
import org.netloop.api.volume.ReadException;
import org.netloop.api.volume.Volumes.OpenVolume;
import org.netloop.api.volume.Volumes.VolumeSpec;

import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** Index formats that break their contract. */
@Timeout(60)
class IndexContainmentTest {
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Engine engine = new Engine(1 << 20, Duration.ofSeconds(5));
    private final ScriptedTransport transport = new ScriptedTransport();
    private final TestFormat good = new TestFormat(transport);

    @BeforeEach
    void installBackends() {
        engine.bindTransport(transport, Map.of(Transport.SCHEMES, "test"));
        engine.bindCodec(new XorCodec(), Map.of());
    }

    private OpenVolume open() throws Exception {
        return engine.open(
                new VolumeSpec(
                        "root",
                        new Reference(URI.create("test://a/"), null, null),
                        List.of(),
                        PATIENCE));
    }

    private void assertReads(OpenVolume volume) throws Exception {
        ByteBuffer into = ByteBuffer.allocate(good.image.length);
        volume.read(0, into);
        assertThat(into.array()).isEqualTo(good.image);
    }

    @ParameterizedTest
    @EnumSource
    void whatAnIndexThrowsIsAnErrorToItsReaderThatNamesItsBundle(Misdeed deed) throws Exception {
        WrappedFormat format = new WrappedFormat(good);
        engine.bindFormat(format, Map.of());
        try (OpenVolume volume = open()) {
            format.deed = deed::commit;
            assertThat(volume.readIfPresent(0, ByteBuffer.allocate(10))).isFalse();
            assertThatThrownBy(() -> assertReads(volume))
                    .isInstanceOf(ReadException.class)
                    .hasMessageContaining("index format test of " + WrappedFormat.class.getName());
            assertThatThrownBy(() -> volume.extent(0, 10)).isInstanceOf(ReadException.class);
            format.deed = null;
            assertReads(volume);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFormatThatThrowsWhileItLooksIsPassedOver(Misdeed deed) throws Exception {
        WrappedFormat bad =
                new WrappedFormat(good) {
                    @Override
                    public String id() {
                        return "a-bad-one";
                    }
                };
        bad.deed = deed::commit;
        engine.bindFormat(bad, Map.of("service.ranking", 1));
        assertThatThrownBy(this::open).hasMessageContaining("a-bad-one of ");
        engine.bindFormat(good, Map.of());
        try (OpenVolume volume = open()) {
            assertReads(volume);
        }
    }

    @Test
    void aBlockOfAnotherPlaceIsNotTaken() throws Exception {
        WrappedFormat format =
                new WrappedFormat(good) {
                    @Override
                    long changed(long offset) {
                        return (offset + TestFormat.BLOCK) % good.image.length;
                    }
                };
        engine.bindFormat(format, Map.of());
        try (OpenVolume volume = open()) {
            assertThatThrownBy(() -> assertReads(volume))
                    .isInstanceOf(ReadException.class)
                    .hasMessageContaining("does not hold 0");
        }
    }

    @Test
    void anIndexThatHangsIsGivenUp() throws Exception {
        Semaphore hang = new Semaphore(0);
        WrappedFormat format = new WrappedFormat(good);
        engine.bindFormat(format, Map.of());
        try (OpenVolume volume = open()) {
            AtomicInteger calls = new AtomicInteger();
            format.deed =
                    () -> {
                        // The two looks that may not wait; then the one that may.
                        if (calls.incrementAndGet() > 2) {
                            hang.acquireUninterruptibly();
                        }
                        throw new IllegalStateException("nothing at hand");
                    };
            assertThatThrownBy(() -> assertReads(volume)).hasMessageContaining(" hangs");
        } finally {
            hang.release(1000);
        }
    }
}
