package org.netloop.engine.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.netloop.api.mirror.MirrorState;
import org.netloop.api.mirror.MirrorState.Condition;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchPurpose;
import org.netloop.api.transport.FetchRequest;
import org.netloop.api.transport.Fetched;
import org.netloop.api.transport.Transport;
import org.netloop.engine.retry.Deadline;

import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/** Tests how an object is fetched from one mirror or another, and what a failure says. */
@Timeout(60)
class FetcherTest {
    private final ByteBuffer into = ByteBuffer.allocate(20).position(3);

    private static Wanted wanted(FetchPurpose purpose) {
        return new Wanted("x/y", 7, 5, purpose);
    }

    private void fetch(ScriptedMirrors mirrors) throws Exception {
        fetch(mirrors, FetchPurpose.DEMAND);
    }

    private void fetch(ScriptedMirrors mirrors, FetchPurpose purpose) throws Exception {
        mirrors.fetcher.fetch(ScriptedMirrors.errand(wanted(purpose), into, Check.NONE));
    }

    private void assertCame(int... bytes) {
        assertThat(into.position()).isEqualTo(3 + bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            assertThat(into.get(3 + i)).isEqualTo((byte) bytes[i]);
        }
        assertThat(into.limit()).isEqualTo(20);
    }

    @Test
    void whatComesIsCheckedAndLiesBeforeThePosition() throws Exception {
        ScriptedMirrors mirrors = new ScriptedMirrors("a");
        mirrors.has("a", (byte) 1, (byte) 2, (byte) 3);
        List<Object> checked = new ArrayList<>();
        Check check =
                (bytes, from, _) -> {
                    checked.add(from);
                    checked.add(bytes.slice().duplicate());
                };
        mirrors.fetcher.fetch(ScriptedMirrors.errand(wanted(FetchPurpose.DEMAND), into, check));
        assertCame(1, 2, 3);
        assertThat(checked)
                .containsExactly(URI.create("test://a/x/y"), ByteBuffer.wrap(new byte[] {1, 2, 3}));
        MirrorState state = mirrors.mirror("a").state();
        assertThat(state.fetches()).isEqualTo(1);
        assertThat(state.bytesFetched()).isEqualTo(3);
        assertThat(state.inFlight()).isZero();
        FetchRequest request = mirrors.requests.getFirst();
        assertThat(request.offset()).isEqualTo(7);
        assertThat(request.length()).isEqualTo(5);
        assertThat(request.purpose()).isEqualTo(FetchPurpose.DEMAND);
        assertThat(request.timeout()).isPositive().isLessThanOrEqualTo(ScriptedMirrors.ATTEMPT);
    }

    @Test
    void nobodyIsGivenMoreTimeThanThereIs() throws Exception {
        ScriptedMirrors mirrors = new ScriptedMirrors("a");
        mirrors.has("a", (byte) 1);
        Deadline soon = Deadline.in(Duration.ofSeconds(10));
        Wanted wanted = wanted(FetchPurpose.DEMAND);
        mirrors.fetcher.fetch(new Errand("x", wanted, into, Check.NONE, soon));
        assertThat(mirrors.requests.getFirst().timeout())
                .isPositive()
                .isLessThanOrEqualTo(Duration.ofSeconds(10));
        Errand late = new Errand("x", wanted, into, Check.NONE, Deadline.in(Duration.ZERO));
        assertThatThrownBy(() -> mirrors.fetcher.fetch(late))
                .isInstanceOf(FetchException.Unavailable.class)
                .hasMessage("x: 1 attempt at 1 mirror; test://a/x/y was not asked: the time is up");
        assertThat(mirrors.requests).hasSize(1);
    }

    @Test
    void theNextMirrorWritesWhereTheFirstOneBegan() throws Exception {
        ScriptedMirrors mirrors = new ScriptedMirrors("a", "b");
        mirrors.answers.put(
                "a",
                (_, buffer) -> {
                    buffer.put(new byte[4]);
                    throw new FetchException.Corrupt("wrong bytes");
                });
        mirrors.has("b", (byte) 1, (byte) 2);
        fetch(mirrors);
        assertCame(1, 2);
        assertThat(mirrors.asked()).containsExactly("a", "b");
        assertThat(mirrors.mirror("a").state().lastFailure()).isEqualTo("wrong bytes");
        assertThat(mirrors.mirror("a").state().condition()).isEqualTo(Condition.RESTING);
        assertThat(mirrors.mirror("a").state().inFlight()).isZero();
    }

    @Test
    void aRoundThatAllFailIsRepeatedFromWhereItBegan() throws Exception {
        ScriptedMirrors mirrors = new ScriptedMirrors("a");
        mirrors.answers.put(
                "a",
                (_, buffer) -> {
                    buffer.put((byte) mirrors.requests.size());
                    if (mirrors.requests.size() == 1) {
                        throw new FetchException.Unavailable("busy", null);
                    }
                });
        fetch(mirrors);
        assertCame(2);
    }

    @Test
    void aCheckThatRefusesBlamesTheMirror() {
        ScriptedMirrors mirrors = new ScriptedMirrors("a");
        mirrors.has("a", (byte) 1);
        Check check =
                (_, from, _) -> {
                    throw new FetchException.Corrupt(from + " is of another digest");
                };
        Errand errand = ScriptedMirrors.errand(wanted(FetchPurpose.DEMAND), into, check);
        assertThatThrownBy(() -> mirrors.fetcher.fetch(errand))
                .isInstanceOf(FetchException.Corrupt.class)
                .hasMessage(
                        "the object: 2 attempts at 1 mirror; test://a/x/y is of another digest");
        assertThat(mirrors.mirror("a").state().failures()).isEqualTo(2);
        assertThat(mirrors.mirror("a").state().fetches()).isZero();
    }

    @Test
    void whatIsDeniedToAPrefetchBarsNobody() {
        ScriptedMirrors mirrors = new ScriptedMirrors("a");
        mirrors.fails("a", new FetchException.Denied("403"));
        assertThatThrownBy(() -> fetch(mirrors, FetchPurpose.PREFETCH))
                .isInstanceOf(FetchException.Denied.class);
        assertThat(mirrors.mirror("a").state().condition()).isEqualTo(Condition.GOOD);
        assertThatThrownBy(() -> fetch(mirrors)).isInstanceOf(FetchException.Denied.class);
        assertThat(mirrors.mirror("a").state().condition()).isEqualTo(Condition.BARRED);
        assertThat(mirrors.mirror("a").state().inFlight()).isZero();
    }

    @Test
    void aPrefetchThatFailsOtherwiseIsNoted() {
        ScriptedMirrors mirrors = new ScriptedMirrors("a");
        mirrors.fails("a", new FetchException.Corrupt("short"));
        assertThatThrownBy(() -> fetch(mirrors, FetchPurpose.PREFETCH))
                .isInstanceOf(FetchException.Corrupt.class);
        assertThat(mirrors.mirror("a").state().failures()).isPositive();
    }

    @Test
    void whatAllLackIsMissing() {
        ScriptedMirrors mirrors = new ScriptedMirrors("a", "b");
        assertThatThrownBy(() -> fetch(mirrors))
                .isInstanceOf(FetchException.Missing.class)
                .hasMessage(
                        "the object: 2 attempts at 2 mirrors; test://a/x/y is not there;"
                                + " test://b/x/y is not there");
    }

    @Test
    void withoutMirrorsItSaysSo() {
        assertThatThrownBy(() -> fetch(new ScriptedMirrors()))
                .isInstanceOf(FetchException.Unavailable.class)
                .hasMessage("the object: no mirror is configured; add one");
    }

    @Test
    void aSchemeWithoutATransportIsTold() {
        ScriptedMirrors mirrors = new ScriptedMirrors("a");
        mirrors.set.replace(List.of(URI.create("ftp://a/")));
        assertThatThrownBy(() -> fetch(mirrors))
                .isInstanceOf(FetchException.Unsupported.class)
                .hasMessageContaining(
                        "no transport for 'ftp' is installed (there are test); no known"
                                + " feature provides it");
    }

    @Test
    void whatNobodyCanUseIsAskedOfNobodyElse() {
        ScriptedMirrors mirrors = new ScriptedMirrors("a", "b");
        mirrors.has("a", (byte) 1);
        mirrors.has("b", (byte) 1);
        Check check =
                (_, _, _) -> {
                    throw new FetchException.Unsupported("no codec for it is installed");
                };
        Errand errand = ScriptedMirrors.errand(wanted(FetchPurpose.DEMAND), into, check);
        assertThatThrownBy(() -> mirrors.fetcher.fetch(errand.inTurn()))
                .isInstanceOf(FetchException.Unsupported.class);
        assertThat(mirrors.asked()).containsExactly("a");
    }

    /** A transport that breaks, for the rank below it to take over. */
    private static final class Broken implements Transport {
        private int calls;

        @Override
        public Fetched fetch(FetchRequest request, ByteBuffer into) {
            calls++;
            throw new IllegalStateException("a defect");
        }
    }

    @Test
    void aTransportThatBreaksIsFollowedByTheNextOfItsScheme() throws Exception {
        ScriptedMirrors mirrors = new ScriptedMirrors("a");
        mirrors.has("a", (byte) 1);
        Broken broken = new Broken();
        mirrors.transports.bind(broken, Set.of("test"), Map.of("service.ranking", 10));
        fetch(mirrors);
        assertCame(1);
        assertThat(broken.calls).isEqualTo(1);
    }

    @Test
    void aTransportThatBreaksAloneFailsTheMirrorInWords() throws Exception {
        ScriptedMirrors mirrors = new ScriptedMirrors("a");
        Broken broken = new Broken();
        mirrors.transports.unbind(mirrors);
        mirrors.transports.bind(broken, Set.of("test"), Map.of());
        FetchException failure =
                mirrors.fetcher.ask(
                        mirrors.mirror("a"),
                        wanted(FetchPurpose.DEMAND),
                        into,
                        Check.NONE,
                        ScriptedMirrors.later());
        assertThat(failure)
                .isInstanceOf(FetchException.Unavailable.class)
                .hasMessageStartingWith("test://a/x/y: ")
                .hasMessageContaining("a defect");
        assertThat(broken.calls).isEqualTo(1);
    }

    @Test
    void whoeverIsAskedByNameIsAskedAlone() throws Exception {
        ScriptedMirrors mirrors = new ScriptedMirrors("a", "b");
        mirrors.has("b", (byte) 1, (byte) 2);
        FetchException failure =
                mirrors.fetcher.ask(
                        mirrors.mirror("b"),
                        wanted(FetchPurpose.VERIFY),
                        into,
                        Check.NONE,
                        ScriptedMirrors.later());
        assertThat(failure).isNull();
        assertCame(1, 2);
        assertThat(mirrors.asked()).containsExactly("b");
    }

    @Test
    void anErrandInTurnKeepsTheConfiguredOrder() throws Exception {
        ScriptedMirrors mirrors = new ScriptedMirrors("a", "b");
        mirrors.has("a", (byte) 1);
        mirrors.has("b", (byte) 2);
        mirrors.mirror("a")
                .failed(new FetchException.Unavailable("busy", null, Duration.ofSeconds(30)));
        mirrors.fetcher.fetch(
                ScriptedMirrors.errand(wanted(FetchPurpose.DEMAND), into, Check.NONE).inTurn());
        assertThat(mirrors.asked()).containsExactly("a");
        into.position(3);
        fetch(mirrors);
        assertThat(mirrors.asked()).startsWith("a", "b");
    }

    @Test
    void whoeverNobodyNeededIsAskedNowAndThenSoThatItIsKnown() throws Exception {
        ScriptedMirrors mirrors = new ScriptedMirrors("a", "b");
        CountDownLatch probed = new CountDownLatch(1);
        List<FetchRequest> probes = new ArrayList<>();
        mirrors.has("a", (byte) 1, (byte) 2);
        mirrors.answers.put(
                "b",
                (request, buffer) -> {
                    buffer.put((byte) 1).put((byte) 2);
                    if (request.purpose() == FetchPurpose.PROBE) {
                        probes.add(request);
                        probed.countDown();
                    }
                });
        fetch(mirrors);
        probed.await();
        assertThat(probes)
                .singleElement()
                .satisfies(
                        probe -> {
                            assertThat(probe.offset()).isEqualTo(7);
                            assertThat(probe.length()).isEqualTo(2);
                        });
    }
}
