package org.netloop.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.netloop.api.mirror.MirrorPolicy;
import org.netloop.api.mirror.MirrorState;
import org.netloop.api.mirror.MirrorState.Condition;
import org.netloop.api.transport.FetchPurpose;
import org.netloop.tck.MirrorPolicyContract;

import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

class SiteFirstPolicyTest extends MirrorPolicyContract {
    private static final Duration SPREAD = Duration.ofSeconds(10);
    private static final MirrorState DISTANT = state("http://distant/root/", Condition.GOOD, 0, 0);

    /** Waits for four of the ten seconds. */
    private final MirrorPolicy policy =
            new SiteFirstPolicy(Site.of("http://site/"), SPREAD, _ -> 4000);

    @Override
    protected MirrorPolicy policy() {
        return new SiteFirstPolicy(
                Site.of("http://m1/", "http://m2/"), SPREAD, new Random(14)::nextLong);
    }

    private static MirrorState state(
            String base, Condition condition, int failures, int failingForMillis) {
        return new MirrorState(
                URI.create(base),
                condition,
                Duration.ofMillis(base.contains("distant") ? 1 : 2000),
                1e6,
                0,
                0,
                failures,
                failures,
                Duration.ofMillis(failingForMillis),
                0,
                null);
    }

    private List<MirrorState> near(MirrorState... mirrors) {
        return policy.near(List.of(mirrors));
    }

    @Test
    void theSiteIsKeptToHoweverSlowItIs() {
        MirrorState slow = state("http://site/root/", Condition.GOOD, 0, 0);
        assertThat(near(DISTANT, slow)).containsExactly(slow);
    }

    @Test
    void theSiteIsKeptToWhileOneOfItsMirrorsAnswers() {
        MirrorState dead = state("http://site/root/", Condition.RESTING, 9, 60_000);
        MirrorState good = state("http://site/copy/", Condition.GOOD, 0, 0);
        assertThat(near(dead, DISTANT, good)).containsExactly(dead, good);
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "3999, 1", "4000, 2", "3600000, 2"})
    void aDeadSiteIsLeftAfterTheTimeOfThisMachine(int failingForMillis, int askable) {
        MirrorState dead = state("http://site/root/", Condition.RESTING, 3, failingForMillis);
        assertThat(near(dead, DISTANT)).hasSize(askable);
    }

    @Test
    void aSiteThatWasLeftIsTriedFirstOnceItHasRested() {
        MirrorState onTrial = state("http://site/root/", Condition.GOOD, 3, 5000);
        MirrorState resting = state("http://site/root/", Condition.RESTING, 3, 5000);
        assertThat(near(DISTANT, onTrial)).hasSize(2);
        assertThat(policy.order(List.of(DISTANT, onTrial), FetchPurpose.DEMAND, 1000))
                .containsExactly(onTrial, DISTANT);
        assertThat(policy.order(List.of(DISTANT, resting), FetchPurpose.DEMAND, 1000))
                .containsExactly(DISTANT, resting);
    }

    @Test
    void aSiteWhoseRootLedNowhereIsNotWaitedFor() {
        MirrorState setBack = state("http://site/root/", Condition.RESTING, 0, 0);
        assertThat(near(setBack, DISTANT)).hasSize(2);
    }

    @Test
    void withoutAMirrorOfTheSiteAllAreAsked() {
        assertThat(near(DISTANT)).containsExactly(DISTANT);
    }

    @Test
    void theMachinesOfASiteLeaveItOneAfterTheOther() {
        Random random = new Random(2006);
        int[] leaving = new int[10];
        for (int machine = 0; machine < 1000; machine++) {
            MirrorPolicy one =
                    new SiteFirstPolicy(Site.of("http://site/"), SPREAD, random::nextLong);
            int second = 0;
            while (one.near(List.of(dead(1000 * second + 999), DISTANT)).size() == 1) {
                second++;
            }
            leaving[Math.min(second, 9)]++;
        }
        assertThat(Arrays.stream(leaving)).allMatch(machines -> machines > 60 && machines < 150);
    }

    private static MirrorState dead(int failingForMillis) {
        return state("http://site/root/", Condition.RESTING, 3, failingForMillis);
    }

    @ParameterizedTest
    @CsvSource({
        "http://site/, http://site/root/, true",
        "http://site, http://site/root/, true",
        "HTTP://Site/root, http://site/root/, true",
        "http://site/root, http://site/rootkit/, false",
        "http://site/, http://site.example/root/, false",
        "http://site/, http://site:8080/root/, false",
        "http://site/, https://site/root/, false",
        "/srv/root, file:///srv/root/, true"
    })
    void aMirrorIsOfTheSiteIfItLiesBelowOneOfItsBases(String base, URI mirror, boolean has) {
        assertThat(Site.of(base).has(mirror)).isEqualTo(has);
    }
}
