package org.netloop.engine.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchRequest;
import org.netloop.engine.lease.BackendException;
import org.netloop.engine.retry.Deadline;

import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** Tests which root is taken from one, two and three mirrors, and what a failure says. */
@Timeout(60)
class RootElectionTest {
    /** A root's first byte is its sequence. */
    private static final Roots.Judge FIRST_BYTE = (root, _) -> root.get();

    private static Roots.Root read(ScriptedMirrors mirrors, Roots.Judge judge) throws Exception {
        return new Roots(mirrors.set, mirrors.fetcher, new RootMemory(), Duration.ZERO)
                .read("stable.json", 10, judge, ScriptedMirrors.later());
    }

    private static ScriptedMirrors three(int a, int b, int c) {
        ScriptedMirrors mirrors = new ScriptedMirrors("a", "b", "c");
        mirrors.has("a", (byte) a);
        mirrors.has("b", (byte) b);
        mirrors.has("c", (byte) c);
        return mirrors;
    }

    @Test
    void theWholeRootIsReadAndCannotBeChanged() throws Exception {
        ScriptedMirrors mirrors = new ScriptedMirrors("a");
        mirrors.has("a", (byte) 9, (byte) 8);
        Roots.Root root = read(mirrors, FIRST_BYTE);
        assertThat(root.bytes()).isEqualTo(ByteBuffer.wrap(new byte[] {9, 8}));
        assertThat(root.bytes().isReadOnly()).isTrue();
        assertThat(root.from()).isEqualTo(URI.create("test://a/stable.json"));
        assertThat(root.sequence()).isEqualTo(9);
        assertThat(mirrors.requests.getFirst().offset()).isZero();
        assertThat(mirrors.requests.getFirst().length()).isEqualTo(FetchRequest.TO_END);
    }

    @Test
    void ofTwoTheSecondIsAskedOnlyIfTheFirstFails() throws Exception {
        ScriptedMirrors mirrors = new ScriptedMirrors("a", "b");
        mirrors.has("a", (byte) 1);
        mirrors.has("b", (byte) 2);
        assertThat(read(mirrors, FIRST_BYTE).sequence()).isEqualTo(1);
        assertThat(mirrors.asked()).containsExactly("a");
        mirrors.answers.remove("a");
        assertThat(read(mirrors, FIRST_BYTE).sequence()).isEqualTo(2);
        assertThat(mirrors.asked()).containsExactly("a", "a", "b");
    }

    @Test
    void ofThreeTheMajorityDecidesAgainstAnOlderFirst() throws Exception {
        Roots.Root root = read(three(1, 2, 2), FIRST_BYTE);
        assertThat(root.sequence()).isEqualTo(2);
        assertThat(root.from().getHost()).isEqualTo("b");
    }

    @Test
    void ofThreeAnotherAloneDoesNotDecideHoweverNewItSaysItIs() throws Exception {
        assertThat(read(three(1, 100, 2), FIRST_BYTE).sequence()).isEqualTo(1);
    }

    @Test
    void ofThreeTheFirstThatHasOneCounts() throws Exception {
        ScriptedMirrors mirrors = three(1, 2, 3);
        mirrors.answers.remove("a");
        assertThat(read(mirrors, FIRST_BYTE).sequence()).isEqualTo(2);
    }

    @Test
    void whereAllLackItThatIsTold() {
        assertThatThrownBy(() -> read(new ScriptedMirrors("a", "b", "c"), FIRST_BYTE))
                .isInstanceOf(FetchException.Missing.class)
                .hasMessageStartingWith("stable.json: 3 attempts at 3 mirrors; ")
                .hasMessageContainingAll("//a/", "//b/", "//c/");
        assertThatThrownBy(() -> read(new ScriptedMirrors("a", "b"), FIRST_BYTE))
                .isInstanceOf(FetchException.Missing.class)
                .hasMessageStartingWith("stable.json: 2 attempts at 2 mirrors; ");
    }

    @Test
    void aRootThatIsNotTakenLeavesTheChoiceToTheOthers() throws Exception {
        Roots.Judge judge =
                (root, from) -> {
                    if (!"c".equals(from.getHost())) {
                        throw new FetchException.Untrusted("an old channel");
                    }
                    return root.get();
                };
        assertThat(read(three(1, 2, 3), judge).sequence()).isEqualTo(3);
    }

    @Test
    void rootsThatAreAllUntrustedAreToldAsThat() {
        Roots.Judge judge =
                (_, _) -> {
                    throw new FetchException.Untrusted("an old channel");
                };
        assertThatThrownBy(() -> read(three(1, 1, 1), judge))
                .isInstanceOf(FetchException.Untrusted.class)
                .hasMessageContaining("an old channel");
    }

    @Test
    void aMirrorThatIsAwayIsAskedAgain() throws Exception {
        ScriptedMirrors mirrors = new ScriptedMirrors("a");
        mirrors.answers.put(
                "a",
                (_, into) -> {
                    if (mirrors.requests.size() == 1) {
                        throw new FetchException.Unavailable("busy", null);
                    }
                    into.put((byte) 1);
                });
        assertThat(read(mirrors, FIRST_BYTE).sequence()).isEqualTo(1);
        assertThat(mirrors.requests).hasSize(2);
    }

    @Test
    void aDefectOfTheJudgeIsThrownToWhoeverWaits() {
        Roots.Judge judge =
                (_, _) -> {
                    throw new IllegalStateException("a defect");
                };
        assertThatThrownBy(() -> read(three(1, 1, 1), judge))
                .isInstanceOf(IllegalStateException.class);
        Roots.Judge worse =
                (_, _) -> {
                    throw new AssertionError("worse");
                };
        assertThatThrownBy(() -> read(three(1, 1, 1), worse)).isInstanceOf(AssertionError.class);
    }

    @Test
    void aBackendThatFailsOverItIsToldWhenTheTimeIsUp() {
        BackendException broken = ScriptedMirrors.broken("a format");
        Roots.Judge judge =
                (_, _) -> {
                    throw broken;
                };
        ScriptedMirrors mirrors = three(1, 1, 1);
        Roots roots = new Roots(mirrors.set, mirrors.fetcher, new RootMemory(), Duration.ZERO);
        Deadline soon = Deadline.in(Duration.ofSeconds(2));
        assertThatThrownBy(() -> roots.read("stable.json", 10, judge, soon))
                .isInstanceOf(FetchException.Unavailable.class)
                .hasMessageContaining("a format");
    }

    /** Reads a root from mirrors whose validators have been seen for long enough. */
    private static Roots settled(ScriptedMirrors mirrors, AtomicLong clock) throws Exception {
        RootMemory memory = new RootMemory(clock::get);
        Roots roots = new Roots(mirrors.set, mirrors.fetcher, memory, Duration.ZERO);
        for (int i = 0; i < 2; i++) {
            roots.read("stable.json", 10, FIRST_BYTE, ScriptedMirrors.later());
            clock.addAndGet(Duration.ofSeconds(2).toNanos());
        }
        assertThat(mirrors.requests).extracting(FetchRequest::known).containsOnlyNulls();
        mirrors.requests.clear();
        return roots;
    }

    @Test
    void aRootThatIsHereIsNotSentAgainButJudgedAnew() throws Exception {
        ScriptedMirrors mirrors = new ScriptedMirrors("a");
        mirrors.has("a", (byte) 7);
        mirrors.validators.put("a", "\"seven\"");
        Roots roots = settled(mirrors, new AtomicLong());
        mirrors.answers.put("a", (_, _) -> fail("it is sent again"));
        Roots.Root root = roots.read("stable.json", 10, FIRST_BYTE, ScriptedMirrors.later());
        assertThat(root.sequence()).isEqualTo(7);
        assertThat(root.from()).isEqualTo(URI.create("test://a/stable.json"));
        assertThat(mirrors.requests).extracting(FetchRequest::known).containsExactly("\"seven\"");
        Roots.Judge expired =
                (_, _) -> {
                    throw new FetchException.Untrusted("it has expired");
                };
        assertThatThrownBy(() -> roots.read("stable.json", 10, expired, ScriptedMirrors.later()))
                .isInstanceOf(FetchException.Untrusted.class);
        mirrors.has("a", (byte) 8);
        mirrors.validators.put("a", "\"eight\"");
        assertThat(roots.read("stable.json", 10, FIRST_BYTE, ScriptedMirrors.later()).sequence())
                .isEqualTo(8);
    }

    @Test
    void eachMirrorOfABallotIsAskedByItsOwnValidator() throws Exception {
        ScriptedMirrors mirrors = three(3, 3, 3);
        mirrors.validators.putAll(Map.of("a", "\"a\"", "b", "\"b\"", "c", "\"c\""));
        Roots roots = settled(mirrors, new AtomicLong());
        roots.read("stable.json", 10, FIRST_BYTE, ScriptedMirrors.later());
        assertThat(mirrors.requests)
                .isNotEmpty()
                .allMatch(one -> ("\"" + one.uri().getHost() + "\"").equals(one.known()));
    }

    @Test
    void anAnswerThatIsYoungEnoughIsTakenFromWhoeverAsked() throws Exception {
        ScriptedMirrors mirrors = new ScriptedMirrors("a");
        mirrors.has("a", (byte) 7);
        AtomicLong clock = new AtomicLong();
        RootMemory memory = new RootMemory(clock::get);
        Roots roots = new Roots(mirrors.set, mirrors.fetcher, memory, Duration.ofSeconds(1));
        for (int i = 0; i < 5; i++) {
            roots.read("stable.json", 10, FIRST_BYTE, ScriptedMirrors.later());
        }
        assertThat(mirrors.requests).hasSize(1);
        clock.addAndGet(Duration.ofSeconds(1).toNanos());
        roots.read("stable.json", 10, FIRST_BYTE, ScriptedMirrors.later());
        assertThat(mirrors.requests).hasSize(2);
    }

    @Test
    void aTransportThatSaysUnchangedWithoutBeingAskedIsNotBelieved() throws Exception {
        ScriptedMirrors mirrors = new ScriptedMirrors("a");
        mirrors.unasked = true;
        mirrors.has("a", (byte) 7);
        assertThatThrownBy(
                        () ->
                                new Roots(
                                                mirrors.set,
                                                mirrors.fetcher,
                                                new RootMemory(),
                                                Duration.ZERO)
                                        .read(
                                                "stable.json",
                                                10,
                                                FIRST_BYTE,
                                                Deadline.in(Duration.ofMillis(300))))
                .isInstanceOf(FetchException.class)
                .hasMessageContaining("unchanged, which was not asked for");
    }

    @Test
    void aRootThatIsHereIsJudgedToo() throws Exception {
        URI here = URI.create("file:///kept");
        ByteBuffer bytes = ByteBuffer.wrap(new byte[] {4});
        Roots.Root root = Roots.judged(bytes, here, FIRST_BYTE);
        assertThat(root).isEqualTo(new Roots.Root(bytes, here, 4));
        assertThat(bytes.remaining()).isEqualTo(1);
        BackendException broken = ScriptedMirrors.broken("a format");
        assertThatThrownBy(
                        () ->
                                Roots.judged(
                                        bytes,
                                        here,
                                        (_, _) -> {
                                            throw broken;
                                        }))
                .isInstanceOf(FetchException.Unavailable.class)
                .hasMessageStartingWith("file:///kept: ")
                .hasMessageContaining("a format");
    }
}
