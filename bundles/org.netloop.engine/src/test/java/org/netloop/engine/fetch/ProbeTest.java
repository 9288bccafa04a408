package org.netloop.engine.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchPurpose;
import org.netloop.api.transport.Fetched;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

/** Tests which mirrors are measured that nobody needed, and for how much. */
@Timeout(60)
class ProbeTest {
    private final AtomicLong clock = new AtomicLong();
    private final MirrorSet set =
            new MirrorSet(
                    List.of(
                            URI.create("test://a/"),
                            URI.create("test://b/"),
                            URI.create("test://c/")),
                    clock::get);
    private final Probe probe = new Probe(clock::get);
    private final Wanted wanted = new Wanted("x", 100, 1 << 20, FetchPurpose.DEMAND);
    private final BlockingQueue<String> asked = new LinkedBlockingQueue<>();

    @BeforeEach
    void measure() {
        set.all().get(0).succeeded(1, 1, new Fetched(1, null));
        set.all().get(2).failed(new FetchException.Denied("403"));
    }

    private void after(int length) {
        probe.after(
                set.all(),
                wanted,
                length,
                (mirror, part, into) ->
                        asked.add(
                                mirror.base().getHost()
                                        + " "
                                        + part.path()
                                        + " "
                                        + part.offset()
                                        + " "
                                        + part.length()
                                        + " "
                                        + part.purpose()
                                        + " "
                                        + into.remaining()));
    }

    @Test
    void whoIsUnknownAndWellIsAskedForTheBeginningOfWhatCame() throws Exception {
        after(1 << 20);
        assertThat(asked.take()).isEqualTo("b x 100 65536 PROBE 65536");
        assertThat(asked).isEmpty();
    }

    @Test
    void noMoreThanCameIsAskedFor() throws Exception {
        after(10);
        assertThat(asked.take()).isEqualTo("b x 100 10 PROBE 10");
    }

    @Test
    void afterThatNobodyIsAskedForAWhile() throws Exception {
        after(10);
        asked.take();
        clock.addAndGet(Duration.ofSeconds(15).toNanos() - 1);
        after(11);
        clock.incrementAndGet();
        after(12);
        // The one that was measured a while ago is not known any more either.
        assertThat(List.of(asked.take(), asked.take()))
                .containsExactlyInAnyOrder("a x 100 12 PROBE 12", "b x 100 12 PROBE 12");
        assertThat(asked).isEmpty();
    }
}
