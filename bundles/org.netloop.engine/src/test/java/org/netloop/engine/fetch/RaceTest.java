package org.netloop.engine.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchPurpose;
import org.netloop.api.transport.Fetched;
import org.netloop.engine.lease.BackendException;

import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

@Timeout(60)
class RaceTest {
    private static final int LENGTH = 100;
    private static final Wanted WANTED = new Wanted("object", 0, LENGTH, FetchPurpose.DEMAND);

    private final Mirror first = new Mirror(URI.create("test://a/"), System::nanoTime);
    private final Mirror second = new Mirror(URI.create("test://b/"), System::nanoTime);
    private final ByteBuffer into = ByteBuffer.allocate(LENGTH);

    /** The thread of the second leg, whose end the first one may wait for. */
    private final CompletableFuture<Thread> secondLeg = new CompletableFuture<>();

    private Errand errand = ScriptedMirrors.errand(WANTED, into, Check.NONE);

    /** The first has all its bytes just when the second is asked, but not yet passed the check. */
    @Test
    void theSecondHasRoomForAllHoweverFarTheFirstHasCome() throws Exception {
        CountDownLatch isLate = new CountDownLatch(1);
        CountDownLatch hasCome = new CountDownLatch(1);
        Stage next =
                leg -> {
                    if (leg.mirrors().getFirst() == first) {
                        isLate.await();
                        leg.into().position(LENGTH);
                        hasCome.countDown();
                        new Semaphore(0).acquire();
                    }
                    assertThat(leg.into().remaining()).isEqualTo(LENGTH);
                    leg.into().put(new byte[LENGTH]);
                };
        Race race = race(next, Check.NONE);
        race.run(first, second, Duration.ZERO, () -> pass(isLate, hasCome));
        assertThat(into.position()).isEqualTo(LENGTH);
    }

    /** A pilot is interrupted while the second leg decodes into the reader's buffer. */
    @Test
    void aRaceThatIsGivenUpDoesNotEndWhileTheSecondLegIsInsideTheCheck() throws Exception {
        CountDownLatch isInCheck = new CountDownLatch(1);
        CountDownLatch isWritten = new CountDownLatch(1);
        Semaphore codec = new Semaphore(0);
        AtomicBoolean hasEnded = new AtomicBoolean();
        AtomicBoolean wroteLate = new AtomicBoolean();
        Check decodes =
                (_, _, _) -> {
                    isInCheck.countDown();
                    codec.acquireUninterruptibly(); // a codec does not look at interrupts
                    wroteLate.set(hasEnded.get());
                    isWritten.countDown();
                };
        Stage answers =
                leg -> {
                    leg.into().put(new byte[LENGTH]);
                    ByteBuffer bytes = leg.into().duplicate().flip();
                    leg.check().accept(bytes, second.base(), new Fetched(LENGTH, null));
                };
        Race race = race(legs(_ -> waitForEver(), answers), decodes);
        Thread pilot =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    try {
                                        race.run(first, second, Duration.ZERO, () -> true);
                                    } catch (Exception _) {
                                        // It was given up.
                                    }
                                    hasEnded.set(true);
                                });
        isInCheck.await();
        pilot.interrupt();
        // Without the gate it ends within that time; with it, it never does before the codec.
        assertThat(pilot.join(Duration.ofMillis(500))).isFalse();
        codec.release();
        isWritten.await();
        pilot.join();
        assertThat(wroteLate).isFalse();
    }

    private Race race(Stage next, Check check) {
        errand = ScriptedMirrors.errand(WANTED, into, check);
        return new Race(next, errand);
    }

    private Stage legs(Stage ofFirst, Stage ofSecond) {
        return leg -> (leg.mirrors().getFirst() == first ? ofFirst : ofSecond).fetch(leg);
    }

    private static void waitForEver() throws InterruptedException {
        new Semaphore(0).acquire();
    }

    private static Stage failing(String message) {
        return _ -> {
            throw new FetchException.Unavailable(message, null);
        };
    }

    @Test
    void aFirstThatIsInTimeIsNotHelped() throws Exception {
        Race race = race(leg -> leg.into().put((byte) 7), Check.NONE);
        race.run(first, second, Duration.ofSeconds(60), () -> true);
        assertThat(race.askedSecond()).isFalse();
        assertThat(into.position()).isEqualTo(1);
        assertThat(first.isLagging()).isFalse();
    }

    @Test
    void aFirstThatFailsInTimeIsNoted() {
        Race race = race(failing("busy"), Check.NONE);
        assertThatThrownBy(() -> race.run(first, second, Duration.ofSeconds(60), () -> true))
                .isInstanceOf(FetchException.Unavailable.class)
                .hasMessage("busy");
        assertThat(race.askedSecond()).isFalse();
        assertThat(conclusion()).isEqualTo("x: 1 attempt at 1 mirror; busy");
    }

    private String conclusion() {
        return String.valueOf(
                errand.attempts().conclusion("x", 2, Persistence.UNTIL_DEADLINE).getMessage());
    }

    @Test
    void aFasterSecondOverwritesWhatTheFirstBegan() throws Exception {
        into.position(7);
        Race race =
                race(
                        legs(
                                leg -> {
                                    leg.into().put(new byte[20]);
                                    waitForEver();
                                },
                                leg -> leg.into().put((byte) 1).put((byte) 2)),
                        Check.NONE);
        race.run(first, second, Duration.ZERO, () -> true);
        assertThat(race.askedSecond()).isTrue();
        assertThat(into.position()).isEqualTo(9);
        assertThat(into.get(7)).isEqualTo((byte) 1);
        assertThat(into.get(8)).isEqualTo((byte) 2);
        assertThat(first.state().lastFailure()).startsWith("another mirror was faster after ");
        assertThat(second.state().lastFailure()).isNull();
    }

    @Test
    void aSecondThatFailsIsNotedAndTheFirstWaitedFor() throws Exception {
        Race race =
                race(
                        legs(
                                leg -> {
                                    secondLeg.join().join();
                                    leg.into().put((byte) 1);
                                },
                                _ -> {
                                    secondLeg.complete(Thread.currentThread());
                                    throw new FetchException.Missing("404");
                                }),
                        Check.NONE);
        race.run(first, second, Duration.ZERO, () -> true);
        assertThat(into.position()).isEqualTo(1);
        assertThat(errand.attempts().mayHelp(second)).isFalse();
        assertThat(first.state().lastFailure()).isNull();
    }

    @Test
    void whereBothFailBothAreNoted() {
        CountDownLatch asked = new CountDownLatch(1);
        Race race =
                race(
                        legs(
                                leg -> {
                                    asked.await();
                                    failing("first").fetch(leg);
                                },
                                leg -> {
                                    asked.countDown();
                                    failing("second").fetch(leg);
                                }),
                        Check.NONE);
        assertThatThrownBy(() -> race.run(first, second, Duration.ZERO, () -> true))
                .isInstanceOf(FetchException.Unavailable.class);
        assertThat(conclusion())
                .startsWith("x: 2 attempts at 2 mirrors; ")
                .contains("first", "second");
    }

    @Test
    void theFirstIsNotHelpedBeforeItMay() throws Exception {
        CountDownLatch refused = new CountDownLatch(2);
        Race race =
                race(
                        leg -> {
                            refused.await();
                            leg.into().put((byte) 1);
                        },
                        Check.NONE);
        race.run(
                first,
                second,
                Duration.ofMillis(1),
                () -> {
                    refused.countDown();
                    return false;
                });
        assertThat(race.askedSecond()).isFalse();
        assertThat(into.position()).isEqualTo(1);
    }

    @Test
    void afterOneWonTheOtherIsNotCheckedAnyMore() throws Exception {
        List<String> checked = new CopyOnWriteArrayList<>();
        List<Exception> thrown = new CopyOnWriteArrayList<>();
        CountDownLatch won = new CountDownLatch(1);
        Stage checking =
                leg ->
                        leg.check()
                                .accept(
                                        leg.into(),
                                        leg.mirrors().getFirst().base(),
                                        new Fetched(1, null));
        Race race =
                race(
                        legs(
                                leg -> {
                                    try {
                                        won.await();
                                        checking.fetch(leg);
                                    } catch (InterruptedException e) {
                                        // The other was faster.
                                        thrown.add(e);
                                        throw e;
                                    }
                                },
                                leg -> {
                                    checking.fetch(leg);
                                    won.countDown();
                                }),
                        (_, from, _) -> checked.add(from.getHost()));
        race.run(first, second, Duration.ZERO, () -> true);
        assertThat(checked).containsExactly("b");
        assertThat(thrown).hasSize(1);
    }

    @Test
    void aCheckThatRefusedLetsTheOtherBeChecked() throws Exception {
        Stage checking = leg -> leg.check().accept(leg.into(), base(leg), new Fetched(1, null));
        List<String> accepted = new CopyOnWriteArrayList<>();
        Race race =
                race(
                        legs(
                                leg -> {
                                    secondLeg.join().join();
                                    checking.fetch(leg);
                                },
                                leg -> {
                                    secondLeg.complete(Thread.currentThread());
                                    checking.fetch(leg);
                                }),
                        (_, from, _) -> {
                            if (from.equals(second.base())) {
                                throw new FetchException.Corrupt("wrong bytes");
                            }
                            accepted.add(from.getHost());
                        });
        race.run(first, second, Duration.ZERO, () -> true);
        assertThat(accepted).containsExactly("a");
        assertThat(conclusion()).contains("wrong bytes");
    }

    private static URI base(Errand leg) {
        return leg.mirrors().getFirst().base();
    }

    @Test
    void whatALegThrowsIsThrownToWhoeverWaits() {
        Race defect =
                race(
                        _ -> {
                            throw new IllegalStateException("a defect");
                        },
                        Check.NONE);
        assertThatThrownBy(() -> defect.run(first, second, Duration.ofSeconds(60), () -> true))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("a defect");
        BackendException broken = ScriptedMirrors.broken("a codec");
        Race backend =
                race(
                        _ -> {
                            throw broken;
                        },
                        Check.NONE);
        assertThatThrownBy(() -> backend.run(first, second, Duration.ofSeconds(60), () -> true))
                .isSameAs(broken);
        Race error =
                race(
                        _ -> {
                            throw new AssertionError("worse");
                        },
                        Check.NONE);
        assertThatThrownBy(() -> error.run(first, second, Duration.ofSeconds(60), () -> true))
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void anInterruptedReaderLeavesNoLegBehind() {
        List<Thread> legs = new CopyOnWriteArrayList<>();
        Race race =
                race(
                        leg -> {
                            legs.add(Thread.currentThread());
                            waitForEver();
                        },
                        Check.NONE);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> race.run(first, second, Duration.ofSeconds(60), () -> true))
                .isInstanceOf(InterruptedException.class);
        assertThat(legs).allMatch(leg -> !leg.isAlive());
    }

    private static boolean pass(CountDownLatch mine, CountDownLatch others) {
        mine.countDown();
        try {
            others.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return true;
    }
}
