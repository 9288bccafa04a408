package org.netloop.engine.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.netloop.api.index.Reference;
import org.netloop.api.mirror.MirrorState;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchException.Unavailable;
import org.netloop.api.transport.Transport;
import org.netloop.api.volume.VolumeException;
import org.netloop.api.volume.Volumes.OpenVolume;
import org.netloop.api.volume.Volumes.VolumeSpec;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Mirrors, codecs and caches that fail, and what readers see of that. */
@Timeout(60)
class EngineFaultsTest extends InstalledEngine {
    /** Time that a mirror rests after its first failure. */
    private static final Duration FIRST_REST = Duration.ofMillis(250);

    @Test
    void aMirrorWhoseFirstObjectLeadsNowhereIsNotTheOneToOpenBy() throws Exception {
        transport.faults.put("liar", (_, into) -> into.put("no such image".getBytes(US_ASCII)));
        try (OpenVolume volume = open("liar", "b")) {
            assertThat(volume.image().size()).isEqualTo(format.image.length);
        }
        assertThatThrownBy(() -> open("liar")).isInstanceOf(FetchException.Unsupported.class);
    }

    @Test
    void damageInTheCacheIsFetchedAnew() throws Exception {
        installCaches();
        stored.blocks.put(format.stored(1).key(), new byte[BLOCK]);
        try (OpenVolume volume = open("a")) {
            assertThat(read(volume, BLOCK, 100)).isEqualTo(expected(BLOCK, 100));
        }
        assertThat(stored.blocks.get(format.stored(1).key()))
                .isEqualTo(transport.objects.get("/block1"));
    }

    @Test
    void aBrokenCacheCostsNothingButTime() throws Exception {
        installCaches();
        plain.broken = true;
        stored.broken = true;
        try (OpenVolume volume = open("a")) {
            assertThat(read(volume, 0, 100)).isEqualTo(expected(0, 100));
        }
    }

    @Test
    void aCorruptBlockIsFetchedFromTheNextMirrorAndNeverKept() throws Exception {
        installCaches();
        try (OpenVolume volume = open("liar", "honest")) {
            transport.faults.put("liar", (_, into) -> into.put(new byte[BLOCK]));
            long began = System.nanoTime();
            assertThat(read(volume, 0, BLOCK)).isEqualTo(expected(0, BLOCK));
            MirrorState liar = Measured.mirrors(volume).getFirst();
            boolean rested = System.nanoTime() - began > FIRST_REST.toNanos();
            assertThat(liar.failures()).isEqualTo(1);
            assertThat(liar.condition() == MirrorState.Condition.RESTING || rested).isTrue();
            assertThat(liar.lastFailure()).contains("digest");
        }
        assertThat(stored.blocks.get(format.stored(0).key()))
                .isEqualTo(transport.objects.get("/block0"));
    }

    @Test
    void everyKindOfFailureIsMadeGoodByASecondMirror() throws Exception {
        List<ScriptedTransport.Fault> faults =
                List.of(
                        (request, _) -> {
                            throw new FetchException.Missing(request.uri() + " is missing");
                        },
                        (request, _) -> {
                            throw new Unavailable(request.uri() + " answers 500", null);
                        },
                        (request, _) -> {
                            throw new FetchException.Denied(request.uri() + " answers 403");
                        },
                        (_, into) -> into.put((byte) 1),
                        (_, _) -> {
                            throw new IllegalStateException("a bug in the transport");
                        },
                        (_, _) -> {
                            throw new NoClassDefFoundError("a bug in its bundle");
                        });
        for (ScriptedTransport.Fault fault : faults) {
            transport.faults.clear();
            try (OpenVolume volume = open("bad", "good")) {
                transport.faults.put("bad", fault);
                assertThat(read(volume, 0, format.image.length)).isEqualTo(format.image);
            }
        }
    }

    @Test
    void withoutAGoodMirrorTheReaderIsToldInTimeAndTheVolumeRecovers() throws Exception {
        patience = SHORT;
        try (OpenVolume volume = open("a")) {
            transport.faults.put(
                    "a",
                    (request, _) -> {
                        throw new Unavailable(request.uri() + " refuses", null);
                    });
            long began = System.nanoTime();
            assertThatThrownBy(() -> read(volume, 0, 10))
                    .isInstanceOf(VolumeException.class)
                    .hasMessageContaining("block at 0")
                    .hasMessageContaining("test://a/block0 refuses");
            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .isLessThan(SHORT.plusSeconds(30));
            assertThat(Measured.number(volume, "failed_reads")).isEqualTo(1);
            assertThat(Measured.text(volume, "failure")).contains("test://a/block0 refuses");
            transport.faults.clear();
            assertThat(read(volume, 0, 10)).isEqualTo(expected(0, 10));
        }
    }

    @Test
    void whatIsMissingEverywhereFailsAtOnce() throws Exception {
        try (OpenVolume volume = open("a", "b")) {
            transport.objects.remove("/block2");
            assertThatThrownBy(() -> read(volume, 2L * BLOCK, 10))
                    .hasMessageContaining("2 attempts at 2 mirrors");
        }
    }

    @Test
    void aBarredMirrorIsNotAskedAgainUntilTheListChanges() throws Exception {
        try (OpenVolume volume = open("barred", "good")) {
            transport.faults.put(
                    "barred",
                    (request, _) -> {
                        throw new FetchException.Denied(request.uri() + " answers 401");
                    });
            read(volume, 0, 10);
            long asked = transport.requestsTo("barred");
            read(volume, BLOCK, 10);
            assertThat(transport.requestsTo("barred")).isEqualTo(asked);
            assertThat(Measured.mirrors(volume).getFirst().condition())
                    .isEqualTo(MirrorState.Condition.BARRED);
        }
    }

    @Test
    void aCodecThatLeavesIsWaitedFor() throws Exception {
        try (OpenVolume volume = open("a");
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            engine.unbindCodec(codec);
            Future<byte[]> read = threads.submit(() -> read(volume, 0, 10));
            while (transport.requestsOf("/block0") == 0) {
                Thread.onSpinWait();
            }
            assertThat(read.isDone()).isFalse();
            engine.bindCodec(new XorCodec(), Map.of());
            assertThat(read.get()).isEqualTo(expected(0, 10));
        }
    }

    @Test
    void aCodecThatWasNeverThereIsNamed() throws Exception {
        engine.unbindCodec(codec);
        Engine other = new Engine(1 << 20, Duration.ofSeconds(5));
        other.bindTransport(transport, Map.of(Transport.SCHEMES, "test"));
        other.bindFormat(format, Map.of());
        VolumeSpec spec = new VolumeSpec("root", Reference.parse("test://a/"), List.of(), SHORT);
        try (OpenVolume volume = other.open(spec)) {
            assertThatThrownBy(() -> read(volume, 0, 10))
                    .hasMessageContaining("no codec 'xor' is installed");
        }
    }

    @Test
    void anImageThatIsNotThereIsToldAtOnce() {
        transport.objects.clear();
        assertThatThrownBy(() -> open("a"))
                .isInstanceOf(FetchException.Missing.class)
                .hasMessageContaining("no image at test://a/");
    }

    @Test
    void anIndexOfNoInstalledFormatIsTold() {
        transport.objects.put("/entry", new byte[20]);
        assertThatThrownBy(() -> open("a"))
                .isInstanceOf(FetchException.Unsupported.class)
                .hasMessageContaining("formats installed: test)");
    }

    @Test
    void verifyLooksAtTheMirrorWhateverTheCachesHave() throws Exception {
        patience = SHORT;
        installCaches();
        try (OpenVolume volume = open("a")) {
            read(volume, 0, BLOCK);
            assertThat(volume.verify(0).end()).isEqualTo(BLOCK);
            assertThat(transport.requestsOf("/block0")).isEqualTo(2);
            transport.objects.put("/block0", new byte[BLOCK]);
            assertThatThrownBy(() -> volume.verify(0)).hasMessageContaining("digest");
        }
    }
}
