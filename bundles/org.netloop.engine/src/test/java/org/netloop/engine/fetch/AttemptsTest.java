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
}
