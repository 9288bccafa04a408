package org.netloop.engine.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.netloop.api.mirror.MirrorState.Condition;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.Fetched;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Tests what is measured of a mirror, when it is late, and how long it rests. */
class MirrorMeasuresTest {
    private static final int BYTES = 100_000;

    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 1000);
    private final Mirror mirror = new Mirror(URI.create("test://a/dir"), clock::get);

    private void succeed(int millis, int latencyMillis, int bytes) {
        mirror.succeeded(
                millis * 1_000_000L, bytes, new Fetched(1, null).after(latencyMillis * 1_000_000L));
    }

    private void succeedOften(int times) {
        for (int i = 0; i < times; i++) {
            succeed(12, 2, BYTES);
        }
    }

    private static Duration ms(int millis) {
        return Duration.ofMillis(millis);
    }

    @Test
    void objectsLieBelowTheBase() {
        assertThat(mirror.uri("")).isEqualTo(URI.create("test://a/dir"));
        assertThat(mirror.uri("x/y")).isEqualTo(URI.create("test://a/dir/x/y"));
        assertThat(mirror.serves(URI.create("test://a/dir"))).isTrue();
        assertThat(mirror.serves(URI.create("test://a/dir/x"))).isTrue();
        assertThat(mirror.serves(URI.create("test://a/directory"))).isFalse();
        Mirror slashed = new Mirror(URI.create("test://a/dir/"), clock::get);
        assertThat(slashed.uri("x")).isEqualTo(URI.create("test://a/dir/x"));
    }

    @Test
    void nothingIsKnownOfANewMirror() {
        assertThat(mirror.state().latency()).isNull();
        assertThat(mirror.state().bytesPerSecond()).isNaN();
        assertThat(mirror.unmeasuredFor()).isEqualTo(Duration.ofSeconds(Long.MAX_VALUE));
        assertThat(mirror.tail(BYTES)).isEqualTo(Duration.ofSeconds(1));
        assertThat(mirror.isGood()).isTrue();
        assertThat(mirror.isDistrusted()).isFalse();
    }

    @Test
    void theLastFetchesDecideTheLatency() {
        succeed(12, 2, 10);
        assertThat(mirror.state().latency()).isEqualTo(ms(2));
        succeed(12, 7, 10);
        assertThat(mirror.state().latency()).isEqualTo(ms(3));
        assertThat(mirror.state().bytesFetched()).isEqualTo(20);
        assertThat(mirror.state().fetches()).isEqualTo(2);
        assertThat(mirror.times().histogram().sum()).isCloseTo(0.024, within(1e-9));
        clock.addAndGet(ms(1500).toNanos());
        assertThat(mirror.unmeasuredFor()).isEqualTo(ms(1500));
    }

    @Test
    void anUnknownOrImpossibleLatencyIsTheWholeTime() {
        mirror.succeeded(5_000_000, 1, new Fetched(1, null));
        assertThat(mirror.state().latency()).isEqualTo(ms(5));
        Mirror other = new Mirror(URI.create("test://b/"), clock::get);
        other.succeeded(5_000_000, 1, new Fetched(1, null).after(9_000_000));
        assertThat(other.state().latency()).isEqualTo(ms(5));
    }

    @Test
    void theRateIsThatOfAllFetchesUnderWay() {
        succeed(12, 2, BYTES);
        assertThat(mirror.state().bytesPerSecond()).isCloseTo(10e6, within(1.0));
        mirror.begins();
        mirror.begins();
        succeed(12, 2, BYTES);
        assertThat(mirror.state().bytesPerSecond()).isCloseTo(12e6, within(1.0));
        mirror.ends();
        mirror.ends();
        assertThat(mirror.state().inFlight()).isZero();
    }

    @Test
    void smallAnswersTellNoRateAndFastOnesNoEndlessOne() {
        succeed(12, 2, (16 << 10) - 1);
        assertThat(mirror.state().bytesPerSecond()).isNaN();
        succeed(12, 12, 16 << 10);
        assertThat(mirror.state().bytesPerSecond()).isEqualTo(10e9);
    }

    @Test
    void aFetchIsLateAfterTheUsualTimeAndWhatMoreBytesTake() {
        succeedOften(7);
        assertThat(mirror.tail(BYTES)).isEqualTo(Duration.ofSeconds(1));
        succeedOften(1);
        assertThat(mirror.tail(BYTES)).isEqualTo(ms(12));
        assertThat(mirror.tail(-1)).isEqualTo(ms(12));
        assertThat(mirror.tail(2 * BYTES)).isEqualTo(ms(22));
        mirror.begins();
        assertThat(mirror.tail(2 * BYTES)).isEqualTo(ms(32));
    }

    @Test
    void aMirrorWhoseTimesDifferIsLateLater() {
        succeedOften(8);
        succeed(22, 2, BYTES);
        // Usually 14 ms, and 2 ms more or less.
        assertThat(mirror.tail(BYTES)).isBetween(ms(22).minusNanos(10), ms(22).plusNanos(10));
        succeed(14, 2, BYTES);
        assertThat(mirror.tail(BYTES).toNanos()).isCloseTo(20_400_000L, within(10L));
    }

    @Test
    void nobodyIsLateWithinFiveMilliseconds() {
        for (int i = 0; i < 8; i++) {
            mirror.succeeded(1000, 10, new Fetched(1, null));
        }
        assertThat(mirror.tail(1_000_000)).isEqualTo(ms(5));
    }

    @Test
    void whoeverIsOutrunTwiceLagsUntilItDoesWell() {
        succeedOften(8);
        mirror.outrun(50_000_000, BYTES);
        assertThat(mirror.isLagging()).isFalse();
        assertThat(mirror.state().bytesPerSecond()).isCloseTo(6e6, within(1.0));
        assertThat(mirror.state().lastFailure()).isEqualTo("another mirror was faster after 50 ms");
        mirror.outrun(50_000_000, BYTES);
        assertThat(mirror.isLagging()).isTrue();
        assertThat(mirror.tail(BYTES)).isEqualTo(ms(5));
        succeed(12, 2, BYTES);
        assertThat(mirror.isLagging()).isFalse();
    }

    @Test
    void beingOutrunNeverMakesAMirrorSeemFaster() {
        mirror.outrun(10_000_000, BYTES);
        assertThat(mirror.state().bytesPerSecond()).isCloseTo(10e6, within(1.0));
        mirror.outrun(1_000_000, BYTES);
        assertThat(mirror.state().bytesPerSecond()).isCloseTo(10e6, within(1.0));
        Mirror busy = new Mirror(URI.create("test://b/"), clock::get);
        busy.begins();
        busy.begins();
        busy.outrun(10_000_000, BYTES);
        assertThat(busy.state().bytesPerSecond()).isCloseTo(20e6, within(1.0));
    }

    private void assertRests(Duration time) {
        clock.addAndGet(time.toNanos() - 1);
        assertThat(mirror.state().condition()).isEqualTo(Condition.RESTING);
        assertThat(mirror.isGood()).isFalse();
        clock.incrementAndGet();
        assertThat(mirror.isGood()).isTrue();
    }

    private void unavailable(Duration retryAfter) {
        mirror.failed(new FetchException.Unavailable("busy", null, retryAfter));
    }

    @Test
    void aMirrorThatFailsRestsTwiceAsLongEachTime() {
        mirror.failed(new FetchException.Corrupt("wrong bytes"));
        assertRests(ms(250));
        mirror.failed(new FetchException.Unavailable("refused", null));
        assertRests(ms(500));
        assertThat(mirror.state().consecutiveFailures()).isEqualTo(2);
        assertThat(mirror.state().failures()).isEqualTo(2);
        assertThat(mirror.state().lastFailure()).isEqualTo("refused");
        succeed(1, 1, 1);
        assertThat(mirror.state().consecutiveFailures()).isZero();
        mirror.failed(new FetchException.Unavailable("refused", null));
        assertRests(ms(250));
    }

    @Test
    void itRestsAsLongAsItAsksForWithinBounds() {
        unavailable(Duration.ofSeconds(10));
        assertRests(Duration.ofSeconds(10));
        unavailable(Duration.ofHours(1));
        assertRests(Duration.ofSeconds(30));
        unavailable(Duration.ZERO);
        assertRests(Duration.ofSeconds(1));
    }

    @Test
    void aDenialIsAFailureToo() {
        mirror.failed(new FetchException.Denied("403"));
        assertThat(mirror.state().failures()).isEqualTo(1);
        assertThat(mirror.state().lastFailure()).isEqualTo("403");
    }

    @Test
    void whatIsLackingHereIsNotTheMirrorsFault() {
        mirror.failed(new FetchException.Unsupported("no transport"));
        mirror.failed(new FetchException.Untrusted("an old channel"));
        assertThat(mirror.isGood()).isTrue();
        assertThat(mirror.state().failures()).isZero();
        assertThat(mirror.state().lastFailure()).isEqualTo("an old channel");
    }

    @Test
    void aRootThatLedNowhereIsHeldAgainstItForHalfAMinute() {
        mirror.distrust("it leads nowhere");
        assertThat(mirror.state().failures()).isEqualTo(1);
        assertThat(mirror.state().lastFailure()).isEqualTo("it leads nowhere");
        clock.addAndGet(Duration.ofSeconds(30).toNanos() - 1);
        assertThat(mirror.isDistrusted()).isTrue();
        assertThat(mirror.isGood()).isFalse();
        clock.incrementAndGet();
        assertThat(mirror.isDistrusted()).isFalse();
        assertThat(mirror.isGood()).isTrue();
    }
}
