package org.netloop.engine.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.transport.Fetched;
import org.netloop.engine.retry.Deadline;

import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Tests that each stage's changed copy of an errand keeps all that it does not change. */
class ErrandTest {
    private final Wanted wanted = ScriptedMirrors.wanted("x");
    private final ByteBuffer into = ByteBuffer.allocate(8);
    private final Deadline deadline = ScriptedMirrors.later();
    private final List<Integer> ended = new ArrayList<>();
    private final UnderWay watcher = (bytes, _) -> ended.add(bytes);
    private final Errand.Cached cached =
            new Errand.Cached(Digest.of(DigestAlgorithm.SHA256, ByteBuffer.allocate(1)), _ -> {});
    private final List<Errand.Part> parts = List.of(new Errand.Part("part", 0, 4, _ -> {}));
    private final Deque<Mirror> mirrors = new ArrayDeque<>();
    private final Errand whole =
            new Errand("it", wanted, into, Check.NONE, deadline)
                    .cachedAs(cached)
                    .watchedBy(() -> watcher)
                    .of(parts)
                    .inTurn()
                    .asking(Persistence.ONCE)
                    .at(mirrors);

    private void assertKept(Errand copy) {
        assertThat(copy.name()).isEqualTo("it");
        assertThat(copy.deadline()).isEqualTo(deadline);
        assertThat(copy.cachedOrNull()).isSameAs(cached);
        assertThat(copy.begins()).isSameAs(watcher);
        assertThat(copy.parts()).isEqualTo(parts);
        assertThat(copy.isInTurn()).isTrue();
        assertThat(copy.persistence()).isEqualTo(Persistence.ONCE);
        assertThat(copy.attempts()).isSameAs(whole.attempts());
    }

    @Test
    void whatIsAskedForIsKept() {
        assertKept(whole);
        assertThat(whole.wanted()).isSameAs(wanted);
        assertThat(whole.into()).isSameAs(into);
        assertThat(whole.check()).isSameAs(Check.NONE);
        assertThat(whole.mirrors()).isSameAs(mirrors);
    }

    @Test
    void oneAtAMirrorHasThatMirrorAndItsOwnBuffer() {
        Mirror mirror = new Mirror(URI.create("test://a/"), System::nanoTime);
        ByteBuffer spare = ByteBuffer.allocate(1);
        Check check = (_, _, _) -> {};
        Errand leg = whole.at(mirror, spare, check);
        assertKept(leg);
        assertThat(leg.wanted()).isSameAs(wanted);
        assertThat(leg.into()).isSameAs(spare);
        assertThat(leg.check()).isSameAs(check);
        assertThat(leg.mirrors()).containsExactly(mirror);
        assertThat(whole.mirrors()).isEmpty();
    }

    @Test
    void aWidenedOneWantsMore() {
        Wanted more = ScriptedMirrors.wanted("y");
        ByteBuffer spare = ByteBuffer.allocate(1);
        Errand wide = whole.widened(more, spare, Check.NONE);
        assertKept(wide);
        assertThat(wide.wanted()).isSameAs(more);
        assertThat(wide.into()).isSameAs(spare);
    }

    @Test
    void aPlainOneAsksForNothingSpecial() {
        Errand plain = new Errand("it", wanted, into, Check.NONE, deadline);
        assertThat(plain.begins()).isSameAs(UnderWay.UNSEEN);
        assertThat(plain.cachedOrNull()).isNull();
        assertThat(plain.rebuiltOrNull()).isNull();
        assertThat(plain.parts()).isEmpty();
        assertThat(plain.isInTurn()).isFalse();
        assertThat(plain.persistence()).isEqualTo(Persistence.UNTIL_DEADLINE);
    }

    @Test
    void checksRunOneAfterTheOther() throws Exception {
        List<String> ran = new ArrayList<>();
        Check one = (_, _, _) -> ran.add("one");
        Check both = one.then((_, _, _) -> ran.add("two"));
        both.accept(into, URI.create("test://a/x"), new Fetched(1, null));
        assertThat(ran).containsExactly("one", "two");
    }
}
