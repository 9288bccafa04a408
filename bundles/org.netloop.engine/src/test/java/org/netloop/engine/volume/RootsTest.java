package org.netloop.engine.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.netloop.api.cache.BlockCache;
import org.netloop.api.index.Index;
import org.netloop.api.index.IndexFormat;
import org.netloop.api.index.ObjectReader;
import org.netloop.api.index.Reference;
import org.netloop.api.mirror.MirrorPolicy;
import org.netloop.api.mirror.MirrorState;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchPurpose;
import org.netloop.api.transport.Transport;
import org.netloop.api.trust.TrustSpec;
import org.netloop.api.volume.Volumes.OpenVolume;
import org.netloop.api.volume.Volumes.Opening;
import org.netloop.api.volume.Volumes.Prefetch;
import org.netloop.api.volume.Volumes.VolumeSpec;

import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Tests which mirror's channel is believed. The channel of these tests is one byte: its sequence.
 */
@Timeout(60)
class RootsTest {
    private static final String ROOT = "channel";

    private final Engine engine = new Engine(1 << 20, Duration.ofSeconds(5));
    private final ScriptedTransport transport = new ScriptedTransport();
    private final WithRoot format = new WithRoot(new TestFormat(transport));

    /** Remembers what it was given as its root. */
    private static final class WithRoot implements IndexFormat {
        private final TestFormat inner;
        private volatile int root;

        WithRoot(TestFormat inner) {
            this.inner = inner;
        }

        @Override
        public String id() {
            return "test";
        }

        @Override
        public String entry(Reference reference) {
            return ROOT;
        }

        @Override
        public boolean recognises(ByteBuffer head) {
            return head.remaining() == 1;
        }

        @Override
        public Index open(Reference reference, ObjectReader objects)
                throws FetchException, InterruptedException {
            root = objects.readRoot(ROOT, 100, bytes -> bytes.get(bytes.position())).get(0);
            return inner.open(reference, objects);
        }
    }

    @BeforeEach
    void installBackends() {
        install(engine);
    }

    private void install(Engine into) {
        into.bindTransport(transport, Map.of(Transport.SCHEMES, "test"));
        into.bindFormat(format, Map.of());
        into.bindCodec(new XorCodec(), Map.of());
    }

    private void says(String host, int sequence) {
        transport.faults.put(
                host,
                (request, into) -> {
                    if (request.uri().getPath().endsWith(ROOT)) {
                        into.put((byte) sequence);
                    }
                });
    }

    private OpenVolume open(Opening opening, String... hosts) throws Exception {
        return engine.open(spec(opening, Duration.ofSeconds(30), hosts));
    }

    private static VolumeSpec spec(Opening opening, Duration patience, String... hosts) {
        List<URI> bases =
                Arrays.stream(hosts).map(host -> URI.create("test://" + host + "/")).toList();
        return new VolumeSpec(
                "root",
                new Reference(bases.getFirst(), null, null),
                bases.subList(1, bases.size()),
                patience,
                Prefetch.NONE,
                opening,
                TrustSpec.DEFAULT);
    }

    private int rootOf(String... hosts) throws Exception {
        open(Opening.AS_FOUND, hosts).close();
        return format.root;
    }

    @Test
    void anImageThatWasSeenBeforeOpensInAnotherProcessWithoutAMirror() throws Exception {
        Map<String, Object> tier = Map.of(BlockCache.TIER, BlockCache.TIER_STORED);
        MapCache kept = new MapCache();
        says("only", 9);
        engine.bindCache(kept, tier);
        assertThat(rootOf("only")).isEqualTo(9);

        format.root = 0;
        transport.faults.put(
                "only",
                (_, _) -> {
                    throw new FetchException.Unavailable("unreachable", null);
                });
        Engine next = new Engine(1 << 20, Duration.ofSeconds(5));
        install(next);
        next.bindCache(kept, tier);
        next.open(spec(Opening.AS_FOUND, Duration.ofSeconds(1), "only")).close();
        assertThat(format.root).isEqualTo(9);
    }

    @Test
    void theSecondIsHeardWhereTheFirstHangsAlsoIfAnOlderRootIsKept() throws Exception {
        MapCache kept = new MapCache();
        engine.bindCache(kept, Map.of(BlockCache.TIER, BlockCache.TIER_STORED));
        says("first", 1);
        assertThat(rootOf("first", "second")).isEqualTo(1);

        transport.faults.put(
                "first",
                (request, _) -> {
                    boolean _ =
                            new CountDownLatch(1)
                                    .await(request.timeout().toMillis(), TimeUnit.MILLISECONDS);
                    throw new FetchException.Unavailable("no answer", null);
                });
        says("second", 2);
        Engine next = new Engine(1 << 20, Duration.ofSeconds(5));
        install(next);
        next.bindCache(kept, Map.of(BlockCache.TIER, BlockCache.TIER_STORED));
        next.open(spec(Opening.AS_FOUND, Duration.ofSeconds(9), "first", "second")).close();
        assertThat(format.root).isEqualTo(2);
    }

    @Test
    void aHostileSecondMirrorIsNotHeardBecauseTheFirstIsLate() throws Exception {
        says("evil", 100);
        CountDownLatch late = new CountDownLatch(1);
        transport.faults.put(
                "honest",
                (request, into) -> {
                    // Longer than any hedge waits.
                    late.await(1500, TimeUnit.MILLISECONDS);
                    if (request.uri().getPath().endsWith(ROOT)) {
                        into.put((byte) 9);
                    }
                });
        assertThat(rootOf("honest", "evil")).isEqualTo(9);
        assertThat(transport.requests).doesNotContain(URI.create("test://evil/" + ROOT));
    }

    @Test
    void theSecondIsHeardWhereTheFirstDoesNotAnswer() throws Exception {
        transport.faults.put(
                "first",
                (_, _) -> {
                    throw new FetchException.Unavailable("refused", null);
                });
        says("second", 9);
        assertThat(rootOf("first", "second")).isEqualTo(9);
    }

    @Test
    void aStaleFirstMirrorIsOutvoted() throws Exception {
        says("a", 8);
        says("b", 9);
        says("c", 9);
        assertThat(rootOf("a", "b", "c")).isEqualTo(9);
    }

    @Test
    void aMirrorAloneIsNotBelievedHoweverNewItSaysItIs() throws Exception {
        says("a", 9);
        says("b", 9);
        says("c", 100);
        assertThat(rootOf("a", "b", "c")).isEqualTo(9);
    }

    @Test
    void anOlderOneIsRefusedUntilItIsAcceptedOnPurpose() throws Exception {
        says("a", 9);
        assertThat(rootOf("a")).isEqualTo(9);
        says("a", 3);
        assertThatThrownBy(() -> rootOf("a"))
                .isInstanceOf(FetchException.Untrusted.class)
                .hasMessageContaining("--accept-older");
        open(new Opening("", true), "a").close();
        assertThat(rootOf("a")).isEqualTo(3);
    }

    @Test
    void aStaleMirrorIsPassedOverForOneThatIsNot() throws Exception {
        says("a", 9);
        rootOf("a");
        says("a", 3);
        says("b", 9);
        assertThat(rootOf("a", "b")).isEqualTo(9);
    }

    @Test
    void mirrorsBeyondThoseThatAPolicyKeepsToHaveNoVote() throws Exception {
        engine.bindPolicy(new KeepsToTheFirst(), Map.of());
        says("near", 8);
        says("a", 9);
        says("b", 9);
        assertThat(rootOf("near", "a", "b")).isEqualTo(8);
        assertThat(transport.requestsTo("a") + transport.requestsTo("b")).isZero();
    }

    @Test
    void mirrorsBeyondAreHeardWhereThoseThatAPolicyKeepsToLackTheRoot() throws Exception {
        engine.bindPolicy(new KeepsToTheFirst(), Map.of());
        says("a", 9);
        transport.faults.put(
                "near",
                (request, _) -> {
                    throw new FetchException.Missing(request.uri() + " is not there");
                });
        assertThat(rootOf("near", "a")).isEqualTo(9);
    }

    private static final class KeepsToTheFirst implements MirrorPolicy {
        @Override
        public String id() {
            return "first";
        }

        @Override
        public List<MirrorState> near(List<MirrorState> mirrors) {
            return mirrors.subList(0, 1);
        }

        @Override
        public List<MirrorState> order(
                List<MirrorState> mirrors, FetchPurpose purpose, long length) {
            return mirrors;
        }
    }
}
