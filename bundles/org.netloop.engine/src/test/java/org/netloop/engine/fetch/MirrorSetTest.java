package org.netloop.engine.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.netloop.api.transport.FetchException;

import java.net.URI;
import java.util.List;

/** Tests that a list of mirrors may be replaced, and what stays known then. */
class MirrorSetTest {
    private static final URI A = URI.create("test://a/");
    private static final URI B = URI.create("test://b/");
    private static final URI C = URI.create("test://c/");

    private final MirrorSet set = new MirrorSet(List.of(A, B, A), () -> 0);

    private static List<URI> bases(List<Mirror> mirrors) {
        return mirrors.stream().map(Mirror::base).toList();
    }

    @Test
    void eachIsThereOnce() {
        assertThat(bases(set.all())).containsExactly(A, B);
        set.replace(List.of(C, C));
        assertThat(bases(set.all())).containsExactly(C);
    }

    @Test
    void whoStaysIsKnownStill() {
        Mirror first = set.all().getFirst();
        set.replace(List.of(C, A));
        assertThat(bases(set.all())).containsExactly(C, A);
        assertThat(set.all().getLast()).isSameAs(first);
    }

    @Test
    void whoWasBarredGetsAnotherChance() {
        Mirror kept = set.all().getLast();
        set.all().getFirst().failed(new FetchException.Denied("403"));
        assertThat(bases(set.inOrder())).containsExactly(B);
        set.unbar();
        assertThat(bases(set.inOrder())).containsExactly(A, B);
        assertThat(set.all().getLast()).isSameAs(kept);
        assertThat(set.all().getFirst().isBarred()).isFalse();
    }

    @Test
    void onlyTheOneThatServedAWrongRootIsSetBack() {
        set.distrust(URI.create("test://a/channels/stable.json"), "it leads nowhere");
        assertThat(bases(set.inOrder())).containsExactly(B, A);
        assertThat(bases(set.all())).containsExactly(A, B);
        assertThat(set.all().getFirst().state().lastFailure()).isEqualTo("it leads nowhere");
        assertThat(set.all().getLast().isDistrusted()).isFalse();
        set.distrust(URI.create("test://elsewhere/x"), "nobody of these");
        assertThat(set.all().getLast().isDistrusted()).isFalse();
    }
}
