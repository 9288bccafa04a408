package org.netloop.engine.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.netloop.api.mirror.MirrorState.Condition;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.Fetched;
import org.netloop.engine.retry.Deadline;
import org.netloop.engine.retry.RetryPolicy;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Tests how long a mirror is left alone, with a clock of the test's own. */
class MirrorTest {
    private static final FetchException DENIED = new FetchException.Denied("403");

    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 1000);
    private final Mirror mirror = new Mirror(URI.create("test://a/"), clock::get);

    private void pass(Duration time) {
        clock.addAndGet(time.toNanos());
    }

    private void succeed() {
        mirror.succeeded(1000, 1, new Fetched(1, null));
    }

    @Test
    void aDenialBarsForAWhile() {
        mirror.failed(DENIED);
        assertThat(mirror.isBarred()).isTrue();
        assertThat(mirror.state().condition()).isEqualTo(Condition.BARRED);
        pass(Duration.ofSeconds(29));
        assertThat(mirror.isBarred()).isTrue();
        pass(Duration.ofSeconds(1));
        assertThat(mirror.isBarred()).isFalse();
    }

    @Test
    void eachDenialInARowBarsForTwiceAsLongUpToAQuarterOfAnHour() {
        for (int i = 0; i < 4; i++) {
            mirror.failed(DENIED);
            pass(Duration.ofSeconds(30L << i).minusNanos(1));
            assertThat(mirror.isBarred()).isTrue();
            pass(Duration.ofNanos(1));
            assertThat(mirror.isBarred()).isFalse();
        }
        for (int i = 0; i < 4; i++) {
            mirror.failed(DENIED);
            pass(Duration.ofMinutes(15));
        }
        assertThat(mirror.isBarred()).isFalse();
    }

    @Test
    void denialsOfWhatWasUnderWayTogetherAreOne() {
        for (int i = 0; i < 10; i++) {
            mirror.failed(DENIED);
        }
        pass(Duration.ofSeconds(30));
        assertThat(mirror.isBarred()).isFalse();
    }

    @Test
    void aSuccessMakesDenialsForgotten() {
        mirror.failed(DENIED);
        pass(Duration.ofSeconds(30));
        mirror.failed(DENIED);
        succeed();
        assertThat(mirror.isBarred()).isFalse();
        mirror.failed(DENIED);
        pass(Duration.ofSeconds(30));
        assertThat(mirror.isBarred()).isFalse();
    }

    @Test
    void whatIsMissingOrUntrustedIsNoFailure() {
        mirror.failed(new FetchException.Missing("404: a profile that nobody published"));
        assertThat(mirror.state().lastFailure()).isNull();
        assertThat(mirror.state().failures()).isZero();
        mirror.failed(new FetchException.Untrusted("an old channel"));
        assertThat(mirror.state().failures()).isZero();
        assertThat(mirror.state().condition()).isEqualTo(Condition.GOOD);
    }

    @Test
    void aMirrorIsFailingFromTheFirstFailureToTheLastUntilItSucceeds() {
        FetchException refused = new FetchException.Unavailable("refused", null);
        mirror.failed(refused);
        pass(Duration.ofHours(1));
        assertThat(mirror.state().failingFor()).isZero();
        mirror.failed(refused);
        pass(Duration.ofHours(1));
        assertThat(mirror.state().failingFor()).isEqualTo(Duration.ofHours(1));
        succeed();
        assertThat(mirror.state().failingFor()).isZero();
        mirror.failed(refused);
        assertThat(mirror.state().failingFor()).isZero();
    }

    @Test
    void aMirrorThatRestsKeepsItsPlaceAmongThoseThatAreBelieved() {
        MirrorSet set =
                new MirrorSet(
                        List.of(URI.create("test://a/"), URI.create("test://b/")), clock::get);
        Mirror first = set.all().getFirst();
        first.failed(new FetchException.Unavailable("timeout", null));
        assertThat(set.inOrder()).first().isSameAs(first);
        set.distrust(URI.create("test://a/x"), "it leads nowhere");
        assertThat(set.inOrder()).last().isSameAs(first);
        pass(Duration.ofSeconds(30));
        assertThat(set.inOrder()).first().isSameAs(first);
    }

    @Test
    void barredMirrorsAreAskedForRootsWhereThereIsNoOther() {
        MirrorSet set = new MirrorSet(List.of(URI.create("test://a/")), clock::get);
        set.all().getFirst().failed(DENIED);
        assertThat(set.inOrder()).hasSize(1);
    }

    /** The other mirror answered an object of no bytes while this one was late. */
    @Test
    void anEmptyAnswerOfAnotherMirrorSaysNothingOfARate() {
        mirror.outrun(1_000_000_000, 0);
        assertThat(mirror.state().bytesPerSecond()).isNaN();
        assertThat(mirror.state().lastFailure()).contains("after 1000 ms");
    }

    @Test
    void theSlowestMirrorIsLateAfterATimeThatCanBeAddedUp() {
        mirror.outrun(Long.MAX_VALUE, 1);
        for (int i = 0; i < 8; i++) {
            succeed();
        }
        Duration late = RetryPolicy.beyondDoubt(mirror.tail(Integer.MAX_VALUE));
        assertThat(Deadline.in(late).passed()).isFalse();
    }
}
