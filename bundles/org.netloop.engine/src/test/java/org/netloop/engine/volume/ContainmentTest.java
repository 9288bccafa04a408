package org.netloop.engine.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.netloop.api.block.Digest;
import org.netloop.api.cache.BlockCache;
import org.netloop.api.cache.CacheStatistics;
import org.netloop.api.index.Reference;
import org.netloop.api.mirror.MirrorPolicy;
import org.netloop.api.mirror.MirrorState;
import org.netloop.api.transport.FetchPurpose;
import org.netloop.api.transport.FetchRequest;
import org.netloop.api.transport.Fetched;
import org.netloop.api.transport.Transport;
import org.netloop.api.volume.VolumeException;
import org.netloop.api.volume.Volumes.OpenVolume;
import org.netloop.api.volume.Volumes.VolumeSpec;
import org.netloop.engine.lease.BackendState;
import org.netloop.engine.lease.BackendState.Condition;

import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Plugins that break their contracts cost an operation at most, and are named. */
@Timeout(60)
class ContainmentTest {
    private static final Map<String, Object> FIRST = Map.of("service.ranking", 1);

    private Duration patience = Duration.ofSeconds(30);
    private final Engine engine = new Engine(1 << 20, Duration.ofSeconds(5));
    private final ScriptedTransport transport = new ScriptedTransport();
    private final TestFormat format = new TestFormat(transport);
    private final XorCodec codec = new XorCodec();

    @BeforeEach
    void installBackends() {
        engine.bindTransport(transport, Map.of(Transport.SCHEMES, "test"));
        engine.bindFormat(format, Map.of());
        engine.bindCodec(codec, Map.of());
    }

    private OpenVolume open(String... more) throws Exception {
        return engine.open(
                new VolumeSpec(
                        "root",
                        new Reference(URI.create("test://a/"), null, null),
                        List.of(more).stream().map(URI::create).toList(),
                        patience));
    }

    private void assertReads(OpenVolume volume) throws Exception {
        ByteBuffer into = ByteBuffer.allocate(format.image.length);
        volume.read(0, into);
        assertThat(into.array()).isEqualTo(format.image);
    }

    private void assertNoMirrorIsBlamed(OpenVolume volume) {
        for (MirrorState mirror : Measured.mirrors(volume)) {
            assertThat(mirror.failures()).isZero();
            assertThat(mirror.condition()).isEqualTo(MirrorState.Condition.GOOD);
        }
    }

    /**
     * Waits until flights have landed, so that no reader joins one that began under earlier
     * conditions.
     */
    private static void awaitLanding(OpenVolume volume) {
        while (Measured.pending(volume) > 0) {
            Thread.onSpinWait();
        }
    }

    /** Waits until mirrors have been probed: that is done beside. */
    private void awaitNobodyInside() {
        while (engine.backends().stream().anyMatch(state -> state.inside() > 0)) {
            Thread.onSpinWait();
        }
    }

    /** Asserts that this plugin is blamed, and no other. */
    private void assertBlamed(Class<?> plugin) {
        awaitNobodyInside();
        for (BackendState state : engine.backends()) {
            boolean guilty = state.origin().equals(plugin.getName());
            assertThat(state.condition())
                    .as("%s", state)
                    .isEqualTo(guilty ? Condition.QUARANTINED : Condition.WELL);
            assertThat(state.inside()).as("%s", state).isZero();
            if (guilty) {
                assertThat(state.faults()).isPositive();
                assertThat(state.lastFault()).contains(plugin.getName() + " failed: ");
            }
        }
    }

    private static final class BadCodec extends XorCodec {
        private final Runnable deed;

        BadCodec(Runnable deed) {
            this.deed = deed;
        }

        @Override
        public boolean decode(ByteBuffer stored, ByteBuffer plain) {
            deed.run();
            return super.decode(stored, plain);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatACodecThrowsIsMadeGoodByAnother(Misdeed deed) throws Exception {
        engine.bindCodec(new BadCodec(deed::commit), FIRST);
        try (OpenVolume volume = open()) {
            assertReads(volume);
            assertNoMirrorIsBlamed(volume);
        }
        assertBlamed(BadCodec.class);
    }

    @ParameterizedTest
    @EnumSource
    void withoutAnotherTheReaderIsToldWhichAndASuccessorServes(Misdeed deed) throws Exception {
        patience = Duration.ofSeconds(2);
        engine.unbindCodec(codec);
        BadCodec bad = new BadCodec(deed::commit);
        engine.bindCodec(bad, Map.of());
        try (OpenVolume volume = open()) {
            assertThatThrownBy(() -> assertReads(volume))
                    .isInstanceOf(VolumeException.class)
                    .hasMessageContaining("codec xor of " + BadCodec.class.getName() + " failed");
            assertNoMirrorIsBlamed(volume);
            engine.unbindCodec(bad);
            awaitLanding(volume);
            engine.bindCodec(codec, Map.of());
            assertReads(volume);
        }
    }

    @Test
    void aCodecThatReturnsWhatCannotBeIsNamedAndAnotherTakesOver() throws Exception {
        patience = Duration.ofSeconds(2);
        for (XorCodec bad :
                List.of(
                        new WrongCodecs.Refusing(),
                        new WrongCodecs.Short(),
                        new WrongCodecs.Greedy())) {
            engine.unbindCodec(codec);
            engine.bindCodec(bad, FIRST);
            try (OpenVolume volume = open()) {
                assertThatThrownBy(() -> assertReads(volume))
                        .isInstanceOf(VolumeException.class)
                        .hasMessageContaining(bad.getClass().getName());
                assertNoMirrorIsBlamed(volume);
                awaitLanding(volume);
                engine.bindCodec(codec, Map.of());
                assertReads(volume);
                assertNoMirrorIsBlamed(volume);
            }
            engine.unbindCodec(bad);
        }
    }

    private record BadTransport(Transport good, Runnable deed) implements Transport {
        @Override
        public Fetched fetch(FetchRequest request, ByteBuffer into) {
            deed.run();
            into.clear();
            return broken();
        }

        @SuppressWarnings("NullAway")
        private static Fetched broken() {
            return null;
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatATransportThrowsIsMadeGoodByAnotherOfItsScheme(Misdeed deed) throws Exception {
        engine.bindTransport(
                new BadTransport(transport, deed::commit),
                Map.of(Transport.SCHEMES, "test", "service.ranking", 1));
        try (OpenVolume volume = open()) {
            assertReads(volume);
            assertNoMirrorIsBlamed(volume);
        }
        assertBlamed(BadTransport.class);
    }

    @Test
    void aTransportThatAnswersNothingIsMadeGoodAndNamed() throws Exception {
        patience = Duration.ofSeconds(2);
        BadTransport bad = new BadTransport(transport, () -> {});
        engine.bindTransport(bad, Map.of(Transport.SCHEMES, "test", "service.ranking", 1));
        try (OpenVolume volume = open()) {
            assertReads(volume);
            engine.unbindTransport(transport);
            assertThatThrownBy(() -> assertReads(volume))
                    .hasMessageContaining("transport test of " + BadTransport.class.getName());
        }
    }

    private record BadCache(Runnable deed, boolean onlyAtTheEnd) implements BlockCache {
        private void act() {
            if (!onlyAtTheEnd) {
                deed.run();
            }
        }

        @Override
        public @Nullable Cached get(Digest key) {
            act();
            return new Cached() {
                @Override
                public ByteBuffer bytes() {
                    return ByteBuffer.allocate(17).asReadOnlyBuffer();
                }

                @Override
                public void close() {
                    deed.run();
                }
            };
        }

        @Override
        public boolean contains(Digest key) {
            return true;
        }

        @Override
        public void put(Digest key, ByteBuffer bytes) {
            act();
        }

        @Override
        public void remove(Digest key) {
            act();
        }

        @Override
        public CacheStatistics statistics() {
            throw new IllegalStateException("nobody asks");
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatACacheThrowsOrReturnsIsAMiss(Misdeed deed) throws Exception {
        for (String tier : List.of(BlockCache.TIER_PLAIN, BlockCache.TIER_STORED)) {
            for (boolean onlyAtTheEnd : new boolean[] {false, true}) {
                BadCache bad = new BadCache(deed::commit, onlyAtTheEnd);
                engine.bindCache(bad, Map.of(BlockCache.TIER, tier));
                try (OpenVolume volume = open()) {
                    assertThat(volume.readIfPresent(0, ByteBuffer.allocate(10))).isFalse();
                    assertReads(volume);
                    assertNoMirrorIsBlamed(volume);
                }
                assertBlamed(BadCache.class);
                engine.unbindCache(bad);
            }
        }
    }

    private record BadPolicy(Runnable deed, List<MirrorState> answer) implements MirrorPolicy {
        @Override
        public String id() {
            deed.run();
            return "bad";
        }

        @Override
        public List<MirrorState> order(
                List<MirrorState> mirrors, FetchPurpose purpose, long length) {
            deed.run();
            return answer;
        }
    }

    @ParameterizedTest
    @EnumSource
    void withoutAUsablePolicyTheConfiguredOrderHolds(Misdeed deed) throws Exception {
        for (Runnable does : List.<Runnable>of(deed::commit, () -> {})) {
            BadPolicy bad = new BadPolicy(does, List.of());
            engine.bindPolicy(bad, Map.of());
            try (OpenVolume volume = open("test://b/")) {
                assertReads(volume);
                assertBlamed(BadPolicy.class);
                assertNoMirrorIsBlamed(volume);
                // It is probed once; nothing is read from it.
                assertThat(transport.requestsTo("b")).isLessThanOrEqualTo(1);
                transport.requests.clear();
            }
            engine.unbindPolicy(bad);
        }
    }
}
