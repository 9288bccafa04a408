package org.netloop.tck;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.netloop.api.mirror.MirrorPolicy;
import org.netloop.api.mirror.MirrorState;
import org.netloop.api.mirror.MirrorState.Condition;
import org.netloop.api.transport.FetchPurpose;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Obligations of every {@link MirrorPolicy}. */
public abstract class MirrorPolicyContract {

    /** Returns a new policy. */
    protected abstract MirrorPolicy policy();

    /**
     * Returns a mirror of that latency in milliseconds (negative: not measured) and bytes a second.
     */
    protected static MirrorState mirror(
            String name, int latency, double bandwidth, Condition condition) {
        @Nullable Duration measured = latency < 0 ? null : Duration.ofMillis(latency);
        return new MirrorState(
                URI.create("http://" + name + "/"),
                condition,
                measured,
                bandwidth,
                0,
                0,
                0,
                0,
                Duration.ZERO,
                0,
                null);
    }

    @Test
    void itHasAName() {
        assertThat(policy().id()).isNotBlank();
    }

    @Test
    void whateverWasMeasuredTheOrderIsAPermutation() {
        Random random = new Random(2006);
        MirrorPolicy policy = policy();
        for (int round = 0; round < 2000; round++) {
            List<MirrorState> mirrors = new ArrayList<>();
            for (int i = 0; i <= random.nextInt(6); i++) {
                mirrors.add(
                        mirror(
                                "m" + i,
                                random.nextInt(400) - 50,
                                random.nextBoolean() ? Double.NaN : random.nextDouble() * 1e9,
                                random.nextBoolean() ? Condition.GOOD : Condition.RESTING));
            }
            FetchPurpose purpose =
                    FetchPurpose.values()[random.nextInt(FetchPurpose.values().length)];
            assertThat(policy.order(List.copyOf(mirrors), purpose, random.nextInt(1 << 20) - 1L))
                    .containsExactlyInAnyOrderElementsOf(mirrors);
        }
    }

    @Test
    void aFetchKeepsToAtLeastOneOfTheMirrors() {
        Random random = new Random(2006);
        MirrorPolicy policy = policy();
        for (int round = 0; round < 200; round++) {
            List<MirrorState> mirrors = new ArrayList<>();
            for (int i = 0; i <= random.nextInt(6); i++) {
                mirrors.add(
                        mirror(
                                "m" + i,
                                random.nextInt(400) - 50,
                                Double.NaN,
                                random.nextBoolean() ? Condition.GOOD : Condition.RESTING));
            }
            assertThat(policy.near(List.copyOf(mirrors)))
                    .isNotEmpty()
                    .doesNotHaveDuplicates()
                    .isSubsetOf(mirrors);
        }
    }

    @Test
    void aMirrorAtRestComesAfterOneThatIsNot() {
        MirrorState resting = mirror("resting", 1, 1e9, Condition.RESTING);
        MirrorState good = mirror("good", 300, 1e5, Condition.GOOD);
        assertThat(policy().order(List.of(resting, good), FetchPurpose.DEMAND, 1000))
                .containsExactly(good, resting);
    }

    @Test
    void theFarOneComesAfterTheNearOne() {
        MirrorState far = mirror("far", 300, 1e7, Condition.GOOD);
        MirrorState near = mirror("near", 3, 1e7, Condition.GOOD);
        MirrorPolicy policy = policy();
        assertThat(policy.order(List.of(far, near), FetchPurpose.DEMAND, 1000))
                .containsExactly(near, far);
        assertThat(policy.order(List.of(near, far), FetchPurpose.DEMAND, 1000))
                .containsExactly(near, far);
    }

    @Test
    void equalsKeepTheirConfiguredOrder() {
        MirrorState one = mirror("one", 10, 1e7, Condition.GOOD);
        MirrorState other = mirror("other", 9, 1e7, Condition.GOOD);
        assertThat(policy().order(List.of(one, other), FetchPurpose.DEMAND, 1000))
                .containsExactly(one, other);
    }

    @Test
    void oneThatWasNeverMeasuredGetsATurn() {
        MirrorState known = mirror("known", 10, 1e7, Condition.GOOD);
        MirrorState fresh = mirror("fresh", -1, Double.NaN, Condition.GOOD);
        MirrorPolicy policy = policy();
        int first = 0;
        for (int round = 0; round < 200; round++) {
            first +=
                    policy.order(List.of(known, fresh), FetchPurpose.DEMAND, 1000).getFirst()
                                    == fresh
                            ? 1
                            : 0;
        }
        assertThat(first).isBetween(1, 60);
    }
}
