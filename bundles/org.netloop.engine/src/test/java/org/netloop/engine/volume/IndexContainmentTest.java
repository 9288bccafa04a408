package org.netloop.engine.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.netloop.api.volume.VolumeException;
import org.netloop.api.volume.Volumes.OpenVolume;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** Index formats that break their contract. */
@Timeout(60)
class IndexContainmentTest extends OneMirror {
    @ParameterizedTest
    @EnumSource
    void whatAnIndexThrowsIsAnErrorToItsReaderThatNamesItsBundle(Misdeed deed) throws Exception {
        WrappedFormat format = new WrappedFormat(good);
        engine.bindFormat(format, Map.of());
        try (OpenVolume volume = open()) {
            format.deed = deed::commit;
            assertThat(volume.readIfPresent(0, ByteBuffer.allocate(10))).isFalse();
            assertThatThrownBy(() -> assertReads(volume))
                    .isInstanceOf(VolumeException.class)
                    .hasMessageContaining("index format test of " + WrappedFormat.class.getName());
            assertThatThrownBy(() -> volume.extent(0, 10)).isInstanceOf(VolumeException.class);
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
                    .isInstanceOf(VolumeException.class)
                    .hasMessageContaining("does not hold 0");
        }
    }

    @Test
    void anIndexThatHangsIsGivenUp() throws Exception {
        patience = Duration.ofSeconds(2);
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
