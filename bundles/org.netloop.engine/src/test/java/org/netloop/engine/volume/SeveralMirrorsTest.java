package org.netloop.engine.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.netloop.api.index.Reference;
import org.netloop.api.mirror.MirrorState.Condition;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchPurpose;
import org.netloop.api.transport.FetchRequest;
import org.netloop.api.transport.Transport;
import org.netloop.api.volume.VolumeException;
import org.netloop.api.volume.Volumes.OpenVolume;
import org.netloop.api.volume.Volumes.VolumeSpec;

import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Tests the cost of a late mirror while there is another one. Without a policy the first is
 * preferred.
 */
@Timeout(60)
class SeveralMirrorsTest {
    /** More than a reader of these tests ever waits: only a hedge ends such a wait. */
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private static final int KNOWN = 20;

    /** Many times what a fetch of these tests takes. */
    private static final int LATE_MILLIS = 200;

    /**
     * Number of hedges in credit: after that many late reads in a row, only a mirror late beyond
     * doubt is hedged.
     */
    private static final int HEDGES_IN_CREDIT = 12;

    private final Engine engine = new Engine(1 << 20, Duration.ofSeconds(5));
    private final ScriptedTransport transport = new ScriptedTransport();
    private final TestFormat format = new TestFormat(transport);

    @BeforeEach
    void installBackends() {
        engine.bindTransport(transport, Map.of(Transport.SCHEMES, "test"));
        engine.bindFormat(format, Map.of());
        engine.bindCodec(new XorCodec(), Map.of());
    }

    private OpenVolume open() throws Exception {
        return engine.open(
                new VolumeSpec(
                        "root",
                        new Reference(URI.create("test://a/"), null, null),
                        List.of(URI.create("test://b/")),
                        PATIENCE));
    }

    private void readFirst(OpenVolume volume) throws Exception {
        ByteBuffer into = ByteBuffer.allocate(TestFormat.BLOCK);
        volume.read(0, into);
        assertThat(into.array()).isEqualTo(Arrays.copyOf(format.image, TestFormat.BLOCK));
    }

    private void learnWhatIsUsual(OpenVolume volume) throws Exception {
        for (int i = 0; i < KNOWN; i++) {
            readFirst(volume);
        }
    }

    @Test
    void aMirrorThatHangsIsOutrunByTheNext() throws Exception {
        try (OpenVolume volume = open()) {
            learnWhatIsUsual(volume);
            CountDownLatch givenUp = new CountDownLatch(1);
            transport.faults.put("a", (_, _) -> hang(givenUp));
            readFirst(volume);
            givenUp.await();
            assertThat(Measured.mirrors(volume).getFirst().lastFailure())
                    .contains("another mirror was faster");
        }
    }

    private static void hang(CountDownLatch givenUp) throws InterruptedException {
        try {
            new Semaphore(0).acquire();
        } finally {
            givenUp.countDown();
        }
    }

    @Test
    void aMirrorThatLagsForGoodCostsNoReaderItsPatience() throws Exception {
        try (OpenVolume volume = open()) {
            learnWhatIsUsual(volume);
            transport.faults.put("a", (_, _) -> hang(new CountDownLatch(1)));
            for (int i = 0; i < 5 * KNOWN; i++) {
                readFirst(volume);
            }
        }
    }

    @Test
    void whatHedgesCostDoesNotLeaveAReaderWithAMirrorThatHangs() throws Exception {
        try (OpenVolume volume = open()) {
            learnWhatIsUsual(volume);
            // A few more than those that there is credit for.
            for (int i = 0; i < HEDGES_IN_CREDIT + 3; i++) {
                // Late once, and well again: it does not count as lagging, but each costs a hedge.
                transport.faults.put("a", (_, _) -> hang(new CountDownLatch(1)));
                readFirst(volume);
                transport.faults.remove("a");
                readFirst(volume);
                readFirst(volume);
            }
        }
    }

    @Test
    void aMirrorAtRestIsBetterThanOneThatHangs() throws Exception {
        transport.faults.put(
                "b",
                (_, _) -> {
                    throw new FetchException.Unavailable("not now", null, PATIENCE);
                });
        try (OpenVolume volume = open()) {
            learnWhatIsUsual(volume);
            // It is asked by a probe.
            while (Measured.mirrors(volume).getLast().condition() != Condition.RESTING) {
                Thread.onSpinWait();
            }
            transport.faults.remove("b");
            transport.faults.put("a", (_, _) -> hang(new CountDownLatch(1)));
            readFirst(volume);
        }
    }

    @Test
    void bytesOfTheLateMirrorThatComeAfterAllChangeNothing() throws Exception {
        Semaphore late = new Semaphore(0);
        try (OpenVolume volume = open()) {
            learnWhatIsUsual(volume);
            transport.faults.put(
                    "a",
                    (_, into) -> {
                        try {
                            late.acquire();
                        } catch (InterruptedException _) {
                            into.put(new byte[into.remaining()]);
                        }
                    });
            readFirst(volume);
        }
    }

    @Test
    void aMirrorThatLacksABlockIsNotAskedAgainWhileAnotherIsDown() throws Exception {
        AtomicInteger down = new AtomicInteger(5);
        try (OpenVolume volume = open()) {
            transport.faults.put("a", SeveralMirrorsTest::lacksTheBlock);
            transport.faults.put(
                    "b",
                    (_, _) -> {
                        if (down.getAndDecrement() > 0) {
                            throw new FetchException.Unavailable("not now", null);
                        }
                    });
            readFirst(volume);
            assertThat(transport.requests)
                    .filteredOn(URI.create("test://a/block0")::equals)
                    .hasSize(1);
        }
    }

    private static void lacksTheBlock(FetchRequest request, ByteBuffer into) throws FetchException {
        if (request.uri().getPath().equals("/block0")) {
            throw new FetchException.Missing(request.uri() + " is not there");
        }
    }

    @Test
    void aMirrorThatIsDownIsNotWaitedForWhereAnotherHasNoSuchImage() {
        transport.objects.clear();
        transport.faults.put(
                "b",
                (_, _) -> {
                    throw new FetchException.Unavailable("not now", null);
                });
        assertThatThrownBy(this::open)
                .isInstanceOf(FetchException.Missing.class)
                .hasMessageContainingAll("test://a/entry is not there", "not now");
        assertThat(transport.requestsTo("b")).isEqualTo(1);
    }

    @Test
    void bothMirrorsFailingIsToldOfBoth() throws Exception {
        try (OpenVolume volume = open()) {
            learnWhatIsUsual(volume);
            transport.faults.put("a", (_, _) -> TimeUnit.MILLISECONDS.sleep(20));
            transport.objects.remove("/block0");
            assertThatThrownBy(() -> readFirst(volume))
                    .isInstanceOf(VolumeException.class)
                    .hasMessageContaining("test://a/block0 is not there")
                    .hasMessageContaining("test://b/block0 is not there");
        }
    }

    @Test
    void aMirrorThatNobodyNeedsIsMeasuredAllTheSame() throws Exception {
        CountDownLatch probed = new CountDownLatch(1);
        transport.faults.put(
                "b",
                (request, _) -> {
                    if (request.purpose() == FetchPurpose.PROBE) {
                        probed.countDown();
                    }
                });
        try (OpenVolume volume = open()) {
            learnWhatIsUsual(volume);
            probed.await();
        }
    }

    @Test
    void aCheckOfAMirrorIsNotHelpedByAnother() throws Exception {
        CountDownLatch helped = new CountDownLatch(1);
        AtomicBoolean isLate = new AtomicBoolean();
        try (OpenVolume volume = open()) {
            learnWhatIsUsual(volume);
            transport.faults.put(
                    "a",
                    (request, _) -> {
                        if (request.purpose() == FetchPurpose.VERIFY) {
                            // So late that anybody else would be helped by now.
                            isLate.set(!helped.await(LATE_MILLIS, TimeUnit.MILLISECONDS));
                        }
                    });
            transport.faults.put(
                    "b",
                    (request, _) -> {
                        if (request.purpose() == FetchPurpose.VERIFY) {
                            helped.countDown();
                        }
                    });
            volume.verify(0);
            assertThat(isLate).isTrue();
            assertThat(helped.getCount()).isEqualTo(1);
        }
    }
}
