package org.netloop.transport.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.netloop.tck.FakeMirror;
import org.netloop.tck.Fault;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Mirrors that take requests and say nothing, beside a good one. */
class HungMirrorTest extends MirrorTest {
    private static final int HUNG = 12;
    private static final int FETCHES = 10;

    @Override
    Map<String, Object> settings() {
        return Map.of("proxy", "", "connections_per_mirror", 8, "connections", 8);
    }

    @Test
    void aGoodMirrorDoesNotWaitForHungOnes() throws Exception {
        URI good = offer("block", 5000);
        List<FakeMirror> hung = new ArrayList<>();
        List<Thread> waiting = new ArrayList<>();
        try {
            for (int i = 0; i < HUNG; i++) {
                FakeMirror one = new FakeMirror();
                hung.add(one);
                one.fault(Fault.SILENT);
                for (int n = 0; n < FETCHES; n++) {
                    waiting.add(Thread.startVirtualThread(() -> ignoring(one.base())));
                }
                LifecycleTest.await(() -> !one.requests().isEmpty());
            }
            long began = System.nanoTime();
            assertThat(fetch(good, 5000)).isEqualTo(slice(5000, 0, 5000));
            assertThat(System.nanoTime() - began).isLessThan(PATIENCE.toNanos() / 2);
        } finally {
            waiting.forEach(Thread::interrupt);
            for (FakeMirror one : hung) {
                one.close();
            }
        }
    }

    private void ignoring(URI base) {
        try {
            fetch(base.resolve("block"), 5000);
        } catch (Exception _) {
            // It only has to be there for a while.
        }
    }
}
