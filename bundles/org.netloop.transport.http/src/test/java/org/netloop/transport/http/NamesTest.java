package org.netloop.transport.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.netloop.api.transport.FetchException.Unavailable;
import org.netloop.api.transport.FetchPurpose;
import org.netloop.api.transport.FetchRequest;
import org.netloop.tck.FakeMirror;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** Resolvers that hang. */
@Timeout(60)
class NamesTest {
    private static final String HANGS = "hangs.invalid";

    private final CountDownLatch end = new CountDownLatch(1);
    private final AtomicInteger lookups = new AtomicInteger();

    private InetAddress[] look(String host) throws UnknownHostException {
        lookups.incrementAndGet();
        if (host.equals(HANGS)) {
            try {
                end.await();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
            throw new UnknownHostException(host);
        }
        return InetAddress.getAllByName(host);
    }

    @AfterEach
    void answer() {
        end.countDown();
    }

    private static long in(Duration time) {
        return System.nanoTime() + time.toNanos();
    }

    @Test
    void aFetchWaitsForItsResolverNoLongerThanItHasTimeAndOthersDoNotWait() throws Exception {
        HttpTransport transport =
                new HttpTransport(TestSettings.of(Map.of("proxy", "")), this::look);
        transport.start();
        try (FakeMirror good = new FakeMirror()) {
            good.put("block", new byte[] {7});
            URI hangs = URI.create("http://" + HANGS + "/block");
            assertThatThrownBy(() -> fetch(transport, hangs, Duration.ofMillis(300)))
                    .isInstanceOf(Unavailable.class)
                    .hasMessageContainingAll(HANGS, "300 ms", "resolver");
            assertThat(fetch(transport, good.base().resolve("block"), Duration.ofSeconds(20)))
                    .isEqualTo((byte) 7);
            assertThatThrownBy(() -> fetch(transport, hangs, Duration.ofMillis(300)))
                    .isInstanceOf(Unavailable.class);
            assertThat(lookups).hasValue(2);
        } finally {
            answer();
            transport.stop();
        }
    }

    private static byte fetch(HttpTransport transport, URI uri, Duration time) throws Exception {
        ByteBuffer into = ByteBuffer.allocate(1);
        transport.fetch(FetchRequest.whole(uri, time, FetchPurpose.DEMAND), into);
        return into.get(0);
    }

    @Test
    void whatIsKnownIsNotLookedUpForEachFetch() throws Exception {
        Names names = new Names(this::look);
        names.await("localhost", in(Duration.ofSeconds(20)));
        names.await("LOCALHOST", in(Duration.ofSeconds(20)));
        assertThat(names.resolve("Localhost")).isNotEmpty();
        assertThat(lookups).hasValue(1);
    }

    @Test
    void aLookupThatHangsIsSharedAndItsFailureIsNotKept() throws Exception {
        Names names = new Names(this::look);
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> names.await(HANGS, in(Duration.ofMillis(1))))
                    .isInstanceOf(TimeoutException.class);
        }
        while (lookups.get() == 0) {
            Thread.onSpinWait();
        }
        assertThat(lookups).hasValue(1);
        answer();
        assertThatThrownBy(() -> names.await(HANGS, in(Duration.ofSeconds(20))))
                .isInstanceOf(UnknownHostException.class);
    }
}
