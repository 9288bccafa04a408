package org.netloop.engine.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchPurpose;

import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;

/** Tests who is helped by a second mirror when it is late, and who is not. */
@Timeout(60)
class HedgingTest {
    private final Mirror first = new Mirror(URI.create("test://a/"), System::nanoTime);
    private final Mirror second = new Mirror(URI.create("test://b/"), System::nanoTime);
    private final Deque<Mirror> mirrors = new ArrayDeque<>(List.of(first, second));
    private final List<String> asked = new CopyOnWriteArrayList<>();

    private Errand errand(FetchPurpose purpose) {
        Wanted wanted = new Wanted("x", 0, 1, purpose);
        return ScriptedMirrors.errand(wanted, ByteBuffer.allocate(1), Check.NONE).at(mirrors);
    }

    /** A mirror that was outrun twice is helped after five milliseconds. */
    private static void makeLag(Mirror mirror) {
        mirror.outrun(1, 1);
        mirror.outrun(1, 1);
    }

    private Stage slowFirst() {
        return leg -> {
            asked.add(leg.mirrors().getFirst().base().getHost());
            if (leg.mirrors().getFirst() == first) {
                new Semaphore(0).acquire();
            }
            leg.into().put((byte) 2);
        };
    }

    @Test
    void whoeverLagsIsHelped() throws Exception {
        makeLag(first);
        Errand errand = errand(FetchPurpose.DEMAND);
        new Hedging(slowFirst()).fetch(errand);
        assertThat(asked).containsExactlyInAnyOrder("a", "b");
        assertThat(errand.into().get(0)).isEqualTo((byte) 2);
        assertThat(mirrors).as("left to be asked").isEmpty();
    }

    private void assertAlone(Errand errand) throws Exception {
        Thread caller = Thread.currentThread();
        new Hedging(
                        leg -> {
                            asked.add(leg.mirrors().getFirst().base().getHost());
                            assertThat(Thread.currentThread()).isSameAs(caller);
                        })
                .fetch(errand);
        assertThat(asked).containsExactly("a");
    }

    @Test
    void aCheckOfAMirrorIsNotHelpedByAnother() throws Exception {
        makeLag(first);
        assertAlone(errand(FetchPurpose.VERIFY));
        assertThat(mirrors).containsExactly(second);
    }

    @Test
    void anErrandInTurnIsNotHelped() throws Exception {
        makeLag(first);
        assertAlone(errand(FetchPurpose.DEMAND).inTurn());
    }

    @Test
    void theLastMirrorHasNobodyToHelpIt() throws Exception {
        mirrors.removeLast();
        assertAlone(errand(FetchPurpose.DEMAND));
        assertThat(mirrors).isEmpty();
    }

    @Test
    void aFirstThatFailsAtOnceLeavesTheSecondForTheNextAttempt() {
        Errand errand = errand(FetchPurpose.DEMAND);
        Stage failing =
                _ -> {
                    throw new FetchException.Missing("404");
                };
        assertThatThrownBy(() -> new Hedging(failing).fetch(errand))
                .isInstanceOf(FetchException.Missing.class);
        assertThat(mirrors).containsExactly(second);
        assertThat(errand.attempts().mayHelp(first)).isFalse();
        assertThat(errand.attempts().mayHelp(second)).isTrue();
    }

    @Test
    void aFailureAloneIsNoted() {
        mirrors.removeLast();
        Errand errand = errand(FetchPurpose.DEMAND);
        Stage failing =
                _ -> {
                    throw new FetchException.Missing("404");
                };
        assertThatThrownBy(() -> new Hedging(failing).fetch(errand))
                .isInstanceOf(FetchException.Missing.class);
        assertThat(errand.attempts().mayHelp(first)).isFalse();
    }

    @Test
    void whoeverIsFarTooLateIsHelpedEvenByOneThatRests() throws Exception {
        makeLag(first);
        second.failed(new FetchException.Unavailable("busy", null));
        second.failed(new FetchException.Unavailable("busy", null));
        second.failed(new FetchException.Unavailable("busy", null));
        new Hedging(slowFirst()).fetch(errand(FetchPurpose.DEMAND));
        assertThat(asked).containsExactlyInAnyOrder("a", "b");
    }
}
