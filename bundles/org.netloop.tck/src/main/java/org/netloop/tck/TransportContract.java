package org.netloop.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchPurpose;
import org.netloop.api.transport.FetchRequest;
import org.netloop.api.transport.Fetched;
import org.netloop.api.transport.Transport;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** Obligations of every {@link Transport}. */
public abstract class TransportContract {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofMillis(500);

    /** A busy machine may be so much later. */
    private static final Duration PROMPTLY = Duration.ofSeconds(30);

    /** Returns the transport under test. */
    protected abstract Transport transport();

    /** Makes an object available and says where. */
    protected abstract URI offer(String path, byte[] bytes) throws IOException;

    /** Returns the URI of an object that does not exist. */
    protected abstract URI nowhere();

    /**
     * An object that the other side is asked for and never answers; empty if nothing can be silent
     * (files of this machine). A transport over a network says one: that it ends in time is what
     * keeps one mirror from stopping all.
     */
    protected abstract Optional<URI> silent() throws IOException;

    /**
     * An object that the other side refuses to this reader; empty if nothing is refused where it
     * reads.
     */
    protected abstract Optional<URI> forbidden() throws IOException;

    /**
     * Returns whether it can tell that what {@link #offer} made available is as it was; false by
     * default.
     */
    protected boolean tellsUnchanged() {
        return false;
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static FetchRequest range(URI uri, long offset, long length) {
        return new FetchRequest(uri, offset, length, TIMEOUT, FetchPurpose.DEMAND);
    }

    @Test
    void aWholeObjectIsFetchedToWhereTheBufferStands() throws Exception {
        byte[] object = bytes(100_000);
        URI uri = offer("blocks/ab/abcd", object);
        for (ByteBuffer into :
                List.of(ByteBuffer.allocate(100_020), ByteBuffer.allocateDirect(100_020))) {
            into.position(10);
            Fetched fetched = transport().fetch(range(uri, 0, FetchRequest.TO_END), into);
            assertThat(into.position()).isEqualTo(100_010);
            assertThat(into.limit()).isEqualTo(100_020);
            assertThat(into.slice(10, 100_000)).isEqualTo(ByteBuffer.wrap(object));
            assertThat(fetched.totalLength()).isIn(100_000L, Fetched.UNKNOWN);
        }
    }

    @Test
    void aRangeIsFetched() throws Exception {
        byte[] object = bytes(50_000);
        URI uri = offer("ranged", object);
        ByteBuffer into = ByteBuffer.allocate(1000);
        transport().fetch(range(uri, 20_000, 1000), into);
        assertThat(into.flip()).isEqualTo(ByteBuffer.wrap(object, 20_000, 1000));
    }

    @Test
    void aRangeEndsWhereTheObjectDoes() throws Exception {
        byte[] object = bytes(5000);
        ByteBuffer into = ByteBuffer.allocate(4096);
        transport().fetch(range(offer("short", object), 3000, 4096), into);
        assertThat(into.flip()).isEqualTo(ByteBuffer.wrap(object, 3000, 2000));
    }

    @Test
    void aRangeTellsLengthAndVersionOfItsObject() throws Exception {
        URI uri = offer("versions", bytes(50_000));
        Fetched first = transport().fetch(range(uri, 0, 100), ByteBuffer.allocate(100));
        Fetched second = transport().fetch(range(uri, 49_000, 100), ByteBuffer.allocate(100));
        assertThat(first.totalLength()).isEqualTo(50_000);
        assertThat(second.totalLength()).isEqualTo(50_000);
        assertThat(second.validator()).isEqualTo(first.validator());
        offer("versions", bytes(50_001));
        Fetched third = transport().fetch(range(uri, 0, 100), ByteBuffer.allocate(100));
        assertThat(third.totalLength()).isEqualTo(50_001);
        if (first.validator() != null) {
            assertThat(third.validator()).isNotEqualTo(first.validator());
        }
    }

    /** Tests that the reader has the object afterwards, whatever the transport can tell. */
    @Test
    void anObjectThatIsKnownIsNotSentAgainOrIsSentWhole() throws Exception {
        byte[] object = bytes(3000);
        URI uri = offer("known", object);
        FetchRequest whole = range(uri, 0, FetchRequest.TO_END);
        Fetched first = transport().fetch(whole, ByteBuffer.allocate(3000));
        assertThat(first.isUnchanged()).as("without being asked").isFalse();
        String known = first.validator() == null ? "\"none\"" : first.validator();
        ByteBuffer into = ByteBuffer.allocate(3000);
        Fetched second = transport().fetch(knowing(known, whole), into);
        assertThat(second.validator()).isEqualTo(first.validator());
        assertThat(second.isUnchanged() || !tellsUnchanged()).as("it can tell").isTrue();
        if (second.isUnchanged()) {
            assertThat(into.position()).isZero();
        } else {
            assertThat(into.flip()).isEqualTo(ByteBuffer.wrap(object));
        }
    }

    @Test
    void anObjectThatIsAnotherThanTheKnownOneIsSent() throws Exception {
        URI uri = offer("moved", bytes(3000));
        FetchRequest whole = range(uri, 0, FetchRequest.TO_END);
        Fetched first = transport().fetch(whole, ByteBuffer.allocate(3000));
        String known = first.validator() == null ? "\"none\"" : first.validator();
        byte[] next = bytes(3001);
        offer("moved", next);
        for (FetchRequest asked :
                List.of(
                        knowing(known, whole),
                        knowing("\"another\"", whole),
                        knowing("of a transport before", whole),
                        whole)) {
            ByteBuffer into = ByteBuffer.allocate(3001);
            assertThat(transport().fetch(asked, into).isUnchanged()).as("%s", asked).isFalse();
            assertThat(into.flip()).as("%s", asked).isEqualTo(ByteBuffer.wrap(next));
        }
    }

    private static FetchRequest knowing(String validator, FetchRequest request) {
        return new FetchRequest(
                request.uri(),
                request.offset(),
                request.length(),
                request.timeout(),
                request.purpose(),
                validator);
    }

    @Test
    void theHeadOfAShorterObjectIsAllOfIt() throws Exception {
        byte[] object = bytes(100);
        ByteBuffer into = ByteBuffer.allocate(4096);
        transport().fetch(range(offer("tiny", object), 0, 4096), into);
        assertThat(into.flip()).isEqualTo(ByteBuffer.wrap(object));
    }

    @Test
    void anObjectLongerThanTheRoomIsRefused() throws Exception {
        URI uri = offer("long", bytes(10_000));
        assertThatThrownBy(
                        () ->
                                transport()
                                        .fetch(
                                                range(uri, 0, FetchRequest.TO_END),
                                                ByteBuffer.allocate(9_999)))
                .isInstanceOf(FetchException.Corrupt.class);
    }

    @Test
    void whatIsNotThereIsMissing() {
        assertThatThrownBy(
                        () ->
                                transport()
                                        .fetch(
                                                range(nowhere(), 0, FetchRequest.TO_END),
                                                ByteBuffer.allocate(10)))
                .isInstanceOf(FetchException.Missing.class)
                .hasMessageContaining(nowhere().getPath());
    }

    @Test
    void manyFetchAtOnce() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all =
                    IntStream.range(1, 65)
                            .<Future<?>>mapToObj(
                                    n ->
                                            threads.submit(
                                                    () -> {
                                                        byte[] object = bytes(n * 1500);
                                                        ByteBuffer into =
                                                                ByteBuffer.allocateDirect(
                                                                        object.length);
                                                        transport()
                                                                .fetch(
                                                                        range(
                                                                                offer(
                                                                                        "many/" + n,
                                                                                        object),
                                                                                0,
                                                                                FetchRequest
                                                                                        .TO_END),
                                                                        into);
                                                        assertThat(into.flip())
                                                                .isEqualTo(ByteBuffer.wrap(object));
                                                        return null;
                                                    }))
                            .toList();
            for (Future<?> one : all) {
                one.get();
            }
        }
    }

    @Test
    void anInterruptedThreadFetchesNothing() throws Exception {
        URI uri = offer("interrupted", bytes(1000));
        Thread.currentThread().interrupt();
        assertThatThrownBy(
                        () ->
                                transport()
                                        .fetch(
                                                range(uri, 0, FetchRequest.TO_END),
                                                ByteBuffer.allocate(1000)))
                .isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
    }

    private Optional<Throwable> failureOf(URI uri, Duration timeout) {
        FetchRequest request = FetchRequest.whole(uri, timeout, FetchPurpose.DEMAND);
        return Optional.ofNullable(
                catchThrowable(() -> transport().fetch(request, ByteBuffer.allocate(1000))));
    }

    @Test
    @Timeout(120)
    void silenceIsWaitedForNoLongerThanTold() throws Exception {
        for (URI uri : silent().stream().toList()) {
            long began = System.nanoTime();
            assertThat(failureOf(uri, SHORT))
                    .as("an object that is never answered")
                    .get()
                    .isInstanceOf(FetchException.Unavailable.class);
            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .as("with a timeout of %s", SHORT)
                    .isBetween(SHORT.dividedBy(2), SHORT.plus(PROMPTLY));
        }
    }

    @Test
    @Timeout(120)
    void anInterruptEndsAFetchThatWaits() throws Exception {
        for (URI uri : silent().stream().toList()) {
            CompletableFuture<Optional<Throwable>> outcome = new CompletableFuture<>();
            Thread reader =
                    Thread.startVirtualThread(
                            () -> outcome.complete(failureOf(uri, Duration.ofMinutes(5))));
            reader.interrupt();
            assertThat(outcome.get(PROMPTLY.toMillis(), TimeUnit.MILLISECONDS))
                    .as("interrupted")
                    .get()
                    .isInstanceOf(InterruptedException.class);
        }
    }

    @Test
    void whatIsRefusedIsDenied() throws Exception {
        for (URI uri : forbidden().stream().toList()) {
            assertThat(failureOf(uri, TIMEOUT))
                    .as("an object that is refused")
                    .get()
                    .isInstanceOf(FetchException.Denied.class);
        }
    }

    @Test
    void nothingComesOfAPartBeyondTheEnd() throws Exception {
        URI uri = offer("short-one", bytes(100));
        assertThatThrownBy(() -> transport().fetch(range(uri, 100, 10), ByteBuffer.allocate(10)))
                .isInstanceOf(FetchException.Corrupt.class);
    }
}
