package org.netloop.engine.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.netloop.api.mirror.MirrorPolicy;
import org.netloop.api.mirror.MirrorState;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchPurpose;
import org.netloop.api.transport.Transport;
import org.netloop.engine.lease.Backends;
import org.netloop.engine.lease.Origins;
import org.netloop.engine.retry.Deadline;

import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Tests which mirrors are asked under a policy that keeps to those whose host begins with n. */
@Timeout(60)
class FailoverTest {
    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final int LENGTH = 100;

    /** Longer than a mirror that was never measured is waited for. */
    private static final Duration LATE = Duration.ofMillis(1500);

    private final MirrorSet mirrors =
            new MirrorSet(
                    List.of(
                            URI.create("test://far/"),
                            URI.create("test://n1/"),
                            URI.create("test://n2/")));
    private final Map<String, FetchException> failures = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final Backends<MirrorPolicy> policies =
            new Backends<>("mirror policy", GRACE, Origins.classes());
    private final Backends<Transport> transports =
            new Backends<>("transport", GRACE, Origins.classes());
    private final MirrorOrder order = new MirrorOrder(mirrors, policies);
    private volatile @Nullable CountDownLatch late;

    private final Failover failover =
            new Failover(order, new AtMirror(transports, GRACE), new Hedging(this::ask));

    private static final class NearPolicy implements MirrorPolicy {
        @Override
        public String id() {
            return "near";
        }

        @Override
        public List<MirrorState> near(List<MirrorState> mirrors) {
            return mirrors.stream()
                    .filter(mirror -> mirror.base().getHost().startsWith("n"))
                    .toList();
        }

        @Override
        public List<MirrorState> order(
                List<MirrorState> mirrors, FetchPurpose purpose, long length) {
            return mirrors;
        }
    }

    @BeforeEach
    void installPolicy() {
        policies.bind(new NearPolicy(), Set.of(MirrorOrder.ANY_POLICY), Map.of());
    }

    private void ask(Errand errand) throws FetchException, InterruptedException {
        String host = errand.mirrors().getFirst().base().getHost();
        asked.add(host);
        CountDownLatch latch = late;
        if (latch != null) {
            latch.await(LATE.toMillis(), TimeUnit.MILLISECONDS);
        }
        FetchException failure = failures.get(host);
        if (failure != null) {
            throw failure;
        }
        errand.into().put(new byte[LENGTH]);
    }

    private static FetchException unavailable() {
        return new FetchException.Unavailable("refused", null);
    }

    private static FetchException missing() {
        return new FetchException.Missing("404");
    }

    private void fetch(FetchPurpose purpose) throws Exception {
        failover.fetch(errand(purpose));
    }

    private static Errand errand(FetchPurpose purpose) {
        return new Errand(
                "object",
                new Wanted("object", 0, LENGTH, purpose),
                ByteBuffer.allocate(LENGTH),
                Check.NONE,
                Deadline.in(Duration.ofSeconds(60)));
    }

    @Test
    void aMirrorThatIsLateIsNotHelpedByOneBeyond() throws Exception {
        mirrors.replace(List.of(URI.create("test://n1/"), URI.create("test://far/")));
        late = new CountDownLatch(1);
        fetch(FetchPurpose.DEMAND);
        assertThat(asked).containsExactly("n1");
    }

    @Test
    void whileAllThatAreKeptToAreDownNoneBeyondIsAsked() {
        failures.put("n1", unavailable());
        failures.put("n2", unavailable());
        assertThatThrownBy(() -> fetch(FetchPurpose.DEMAND))
                .isInstanceOf(FetchException.Unavailable.class);
        assertThat(asked).containsExactly("n1", "n2");
    }

    @ParameterizedTest
    @EnumSource(names = {"DEMAND", "VERIFY"})
    void whatOneOfThemLacksComesFromBeyond(FetchPurpose purpose) throws Exception {
        failures.put("n1", missing());
        failures.put("n2", unavailable());
        fetch(purpose);
        assertThat(asked).containsExactly("n1", "n2", "far");
    }

    @ParameterizedTest
    @EnumSource(names = {"PREFETCH", "FILL"})
    void whatNobodyWaitsForDoesNotComeFromBeyond(FetchPurpose purpose) {
        failures.put("n1", missing());
        failures.put("n2", missing());
        assertThatThrownBy(() -> fetch(purpose)).isInstanceOf(FetchException.Missing.class);
        assertThat(asked).containsExactly("n1", "n2");
    }

    @Test
    void thoseThatLackItAreNotAskedAgainWhileOneBeyondIsDown() throws Exception {
        failures.put("n1", missing());
        failures.put("n2", missing());
        failures.put("far", unavailable());
        Errand errand = errand(FetchPurpose.DEMAND);
        assertThatThrownBy(() -> failover.fetch(errand))
                .isInstanceOf(FetchException.Unavailable.class);
        failures.remove("far");
        failover.fetch(errand);
        assertThat(asked).containsExactly("n1", "n2", "far", "far");
    }

    @Test
    void aPolicyThatKeepsToNoneIsBlamedAndAllAreAsked() throws Exception {
        mirrors.replace(List.of(URI.create("test://far/"), URI.create("test://other/")));
        fetch(FetchPurpose.DEMAND);
        assertThat(asked).containsExactly("far");
        assertThat(policies.states()).anyMatch(state -> state.faults() == 1);
    }

    @Test
    void whatDecidesWhichImageIsReadIsAskedForInTheConfiguredOrderOfEachPart() throws Exception {
        Tiers tiers = order.inTurn(errand(FetchPurpose.DEMAND).wanted());
        assertThat(tiers.near())
                .extracting(mirror -> mirror.base().getHost())
                .containsExactly("n1", "n2");
        assertThat(tiers.far())
                .extracting(mirror -> mirror.base().getHost())
                .containsExactly("far");
    }
}
