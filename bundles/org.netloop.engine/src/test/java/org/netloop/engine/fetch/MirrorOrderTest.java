package org.netloop.engine.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.netloop.api.mirror.MirrorPolicy;
import org.netloop.api.mirror.MirrorState;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchPurpose;
import org.netloop.engine.lease.Backends;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Tests in which order mirrors are asked, with and without a policy. */
class MirrorOrderTest {
    private final MirrorSet set = set("a", "b", "c");
    private final Backends<MirrorPolicy> policies = ScriptedMirrors.backends("mirror policy");
    private final List<Object> told = new ArrayList<>();

    private static MirrorSet set(String... hosts) {
        return new MirrorSet(
                Stream.of(hosts).map(host -> URI.create("test://" + host + "/")).toList(), () -> 0);
    }

    private List<String> order(MirrorSet mirrors) throws InterruptedException {
        Wanted wanted = new Wanted("x", 0, 100, FetchPurpose.PREFETCH);
        return new MirrorOrder(mirrors, policies)
                .of(wanted).near().stream().map(mirror -> mirror.base().getHost()).toList();
    }

    private interface Choice {
        List<MirrorState> of(List<MirrorState> mirrors);
    }

    private void bind(Choice choice) {
        policies.bind(
                new MirrorPolicy() {
                    @Override
                    public String id() {
                        return "test";
                    }

                    @Override
                    public List<MirrorState> order(
                            List<MirrorState> mirrors, FetchPurpose purpose, long length) {
                        told.add(purpose);
                        told.add(length);
                        return choice.of(mirrors);
                    }
                },
                Set.of(Fetcher.ANY_POLICY),
                Map.of());
    }

    private void fail(int place, FetchException failure) {
        set.all().get(place).failed(failure);
    }

    @Test
    void withoutAPolicyTheConfiguredOrderHolds() throws Exception {
        assertThat(order(set)).containsExactly("a", "b", "c");
    }

    @Test
    void thePolicyDecidesAmongThoseThatAreWell() throws Exception {
        bind(List::reversed);
        assertThat(order(set)).containsExactly("c", "b", "a");
        assertThat(told).containsExactly(FetchPurpose.PREFETCH, 100L);
        fail(2, new FetchException.Unavailable("busy", null));
        assertThat(order(set)).containsExactly("b", "a", "c");
    }

    @Test
    void whoDeniedAccessIsNotAskedWhileThereIsAnother() throws Exception {
        fail(0, new FetchException.Denied("403"));
        assertThat(order(set)).containsExactly("b", "c");
        fail(1, new FetchException.Denied("403"));
        fail(2, new FetchException.Denied("403"));
        assertThat(order(set)).containsExactly("a", "b", "c");
    }

    @Test
    void oneMirrorNeedsNoPolicy() throws Exception {
        bind(List::reversed);
        MirrorSet alone = set("a");
        alone.all().getFirst().failed(new FetchException.Denied("403"));
        assertThat(order(alone)).containsExactly("a");
        assertThat(told).isEmpty();
    }

    @Test
    void aPolicyThatLeavesOneOutIsNotFollowed() throws Exception {
        bind(mirrors -> mirrors.subList(1, 3));
        assertThat(order(set)).containsExactly("a", "b", "c");
    }

    @Test
    void aPolicyThatNamesOneTwiceIsNotFollowed() throws Exception {
        bind(mirrors -> List.of(mirrors.get(2), mirrors.get(2), mirrors.get(1)));
        assertThat(order(set)).containsExactly("a", "b", "c");
    }
}
