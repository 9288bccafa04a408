package org.netloop.engine.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.netloop.api.transport.FetchException;

import java.net.URI;

/** Tests who is asked again, and when nobody is. */
class AttemptsTest {
    private final Mirror living = new Mirror(URI.create("test://a/"), System::nanoTime);
    private final Mirror dead = new Mirror(URI.create("test://b/"), System::nanoTime);
    private final Attempts attempts = new Attempts();

    @Test
    void whatALivingMirrorLacksIsWaitedForOnlyIfItIsNeeded() {
        attempts.add(living, new FetchException.Missing("404"));
        attempts.add(dead, new FetchException.Unavailable("no answer", null));
        assertThat(attempts.worthRepeating(1, Persistence.UNTIL_DEADLINE)).isTrue();
        assertThat(attempts.worthRepeating(1, Persistence.UNLESS_LACKED)).isFalse();
        assertThat(attempts.conclusion("x", 2, Persistence.UNTIL_DEADLINE))
                .isInstanceOf(FetchException.Unavailable.class);
        assertThat(attempts.conclusion("x", 2, Persistence.UNLESS_LACKED))
                .isInstanceOf(FetchException.Missing.class)
                .hasMessageContainingAll("404", "no answer");
    }

    @Test
    void whileNoneAnswersAllAreAskedAgainUnlessOnceWillDo() {
        attempts.add(dead, new FetchException.Unavailable("no answer", null));
        assertThat(attempts.worthRepeating(1, Persistence.UNLESS_LACKED)).isTrue();
        assertThat(attempts.worthRepeating(1, Persistence.ONCE)).isFalse();
    }

    @Test
    void onlyWhoLacksItIsLeftOut() {
        attempts.add(living, new FetchException.Missing("404"));
        attempts.add(dead, new FetchException.Unavailable("no answer", null));
        assertThat(attempts.mayHelp(living)).isFalse();
        assertThat(attempts.mayHelp(dead)).isTrue();
        assertThat(attempts.mayHelp(new Mirror(URI.create("test://c/"), System::nanoTime)))
                .isTrue();
    }

    @Test
    void theSummaryCountsAttemptsAndMirrors() {
        attempts.add(dead, new FetchException.Unavailable("refused", null));
        attempts.add(living, new FetchException.Unavailable("busy", null));
        attempts.add(dead, new FetchException.Unavailable("no route", null));
        assertThat(message(2)).isEqualTo("x: 3 attempts at 2 mirrors; no route; busy");
    }

    @Test
    void aLackOfTimeDoesNotHideWhyAMirrorFailed() {
        attempts.add(living, new FetchException.Corrupt("wrong bytes"));
        attempts.add(dead, TimeIsUp.at(URI.create("test://b/x"), "the time is up"));
        attempts.add(living, TimeIsUp.at(URI.create("test://a/x"), "the time is up"));
        assertThat(message(2))
                .isEqualTo(
                        "x: 3 attempts at 2 mirrors; wrong bytes, and then the time was up;"
                                + " test://b/x was not asked: the time is up");
        attempts.add(living, new FetchException.Unavailable("refused", null));
        assertThat(message(2)).contains("refused").doesNotContain("wrong bytes");
    }

    private String message(int mirrors) {
        return String.valueOf(
                attempts.conclusion("x", mirrors, Persistence.UNTIL_DEADLINE).getMessage());
    }

    @Test
    void oneIsNotSeveral() {
        attempts.add(living, new FetchException.Missing("404"));
        assertThat(message(1)).isEqualTo("x: 1 attempt at 1 mirror; 404");
    }

    @Test
    void whoWasNotAskedIsNotBlamed() {
        assertThat(attempts.worthRepeating(1, Persistence.UNTIL_DEADLINE)).isFalse();
        assertThat(message(0)).isEqualTo("x: no mirror is configured; add one");
        assertThat(message(2)).isEqualTo("x: none of 2 mirrors was asked in time");
    }

    @Test
    void wrongBytesAreAskedForOnceMore() {
        attempts.add(living, new FetchException.Corrupt("wrong bytes"));
        assertThat(attempts.worthRepeating(1, Persistence.UNTIL_DEADLINE)).isTrue();
        assertThat(attempts.worthRepeating(2, Persistence.UNTIL_DEADLINE)).isFalse();
        assertThat(attempts.conclusion("x", 1, Persistence.UNTIL_DEADLINE))
                .isInstanceOf(FetchException.Corrupt.class);
    }

    @Test
    void whatIsSettledIsNotAskedForAgain() {
        attempts.add(dead, new FetchException.Unavailable("no answer", null));
        attempts.settle();
        assertThat(attempts.worthRepeating(1, Persistence.UNTIL_DEADLINE)).isFalse();
    }

    @Test
    void aBackendThatFailedMayBeReplaced() {
        attempts.add(living, new FetchException.Missing("404"));
        attempts.add(ScriptedMirrors.broken("a defect"));
        assertThat(attempts.worthRepeating(5, Persistence.UNTIL_DEADLINE)).isTrue();
        assertThat(attempts.conclusion("x", 2, Persistence.UNTIL_DEADLINE))
                .isInstanceOf(FetchException.Unavailable.class)
                .hasMessageStartingWith("x: ")
                .hasMessageContaining("a defect")
                .hasMessageEndingWith("; 2 attempts");
    }

    @Test
    void aRefusalOfTrustIsToldUnlessAnotherMirrorMayHelp() {
        attempts.add(living, new FetchException.Missing("404"));
        attempts.add(dead, new FetchException.Untrusted("an old channel"));
        assertThat(attempts.worthRepeating(1, Persistence.UNTIL_DEADLINE)).isFalse();
        assertThat(attempts.conclusion("x", 2, Persistence.UNTIL_DEADLINE))
                .isInstanceOf(FetchException.Untrusted.class)
                .hasMessageContainingAll("404", "an old channel");
        attempts.add(living, new FetchException.Unavailable("no answer", null));
        assertThat(attempts.conclusion("x", 2, Persistence.UNTIL_DEADLINE))
                .isInstanceOf(FetchException.Unavailable.class);
    }

    @Test
    void answersOfDifferentKindsAreUnavailable() {
        attempts.add(living, new FetchException.Missing("404"));
        attempts.add(dead, new FetchException.Denied("403"));
        assertThat(attempts.worthRepeating(1, Persistence.UNTIL_DEADLINE)).isFalse();
        assertThat(attempts.conclusion("x", 2, Persistence.UNTIL_DEADLINE))
                .isInstanceOf(FetchException.Unavailable.class);
        assertThat(attempts.conclusion("x", 2, Persistence.ONCE))
                .isInstanceOf(FetchException.Missing.class);
    }
}
