package org.netloop.engine.volume;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.netloop.api.profile.Profile;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchPurpose;
import org.netloop.api.volume.Recording;
import org.netloop.api.volume.Volumes.OpenVolume;
import org.netloop.api.volume.Volumes.Prefetch;

import java.lang.reflect.Field;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;

/** Flights that nobody asked for, and who joins them. */
@Timeout(120)
class AheadTest extends FetchedAhead {
    @Test
    void aReaderJoinsWhatIsUnderWay() throws Exception {
        transport.objects.put(PATH, new byte[1]);
        Semaphore gate = new Semaphore(0);
        transport.faults.put(
                "a",
                (request, _) -> {
                    if (request.purpose() == FetchPurpose.PREFETCH
                            && request.uri().getPath().equals("/block5")) {
                        gate.acquire();
                    }
                });
        try (OpenVolume volume = open(Prefetch.AUTO);
                ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
            await(gate::hasQueuedThreads);
            Future<byte[]> joins = readers.submit(() -> read(volume, 5L * BLOCK, 10));
            assertThat(read(volume, 0, 10)).isEqualTo(expected(0, 10));
            await(() -> Measured.number(volume, "reads") == 1);
            gate.release();
            assertThat(joins.get()).isEqualTo(expected(5L * BLOCK, 10));
        }
        assertThat(transport.requestsOf("/block5")).isEqualTo(1);
    }

    /** Native memory, which no collector gives back. */
    @Test
    void aVolumeThatIsClosedKeepsNoMemoryForWhatItFetchedAhead() throws Exception {
        transport.objects.put(PATH, new byte[1]);
        Semaphore gate = new Semaphore(0);
        transport.faults.put(
                "a",
                (request, _) -> {
                    if (request.purpose() == FetchPurpose.PREFETCH
                            && request.uri().getPath().equals("/block5")) {
                        gate.acquire();
                    }
                });
        OpenVolume volume = open(Prefetch.AUTO);
        Object early = field(field(field(volume, "prefetcher"), "means"), "early");
        Object buffers = field(field(early, "landing"), "buffers");
        try (volume) {
            await(gate::hasQueuedThreads);
            FutureTask<byte[]> joins = new FutureTask<>(() -> read(volume, 5L * BLOCK, 10));
            Thread reader = Thread.ofVirtual().start(joins);
            await(() -> reader.getState() == Thread.State.TIMED_WAITING);
            gate.release();
            joins.get();
            assertThat((long) field(buffers, "allocated")).isPositive();
        }
        assertThat(field(buffers, "allocated")).isEqualTo(0L);
    }

    private static Object field(Object of, String name) {
        try {
            Field field = of.getClass().getDeclaredField(name);
            field.setAccessible(true);
            return field.get(of);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("a field was renamed", e);
        }
    }

    @Test
    void aReaderWhoJoinedAFlightThatFailsGetsOneOfItsOwn() throws Exception {
        transport.objects.put(PATH, new byte[1]);
        Semaphore gate = new Semaphore(0);
        transport.faults.put(
                "a",
                (request, _) -> {
                    if (request.purpose() == FetchPurpose.PREFETCH
                            && request.uri().getPath().equals("/block5")) {
                        gate.acquire();
                        throw new FetchException.Missing("not for you");
                    }
                });
        try (OpenVolume volume = open(Prefetch.AUTO);
                ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
            await(gate::hasQueuedThreads);
            Future<byte[]> joins = readers.submit(() -> read(volume, 5L * BLOCK, 10));
            gate.release(10);
            assertThat(joins.get()).isEqualTo(expected(5L * BLOCK, 10));
        }
    }

    @Test
    void wrongBytesThatComeEarlyAreNeverKept() throws Exception {
        transport.objects.put(PATH, new byte[1]);
        transport.objects.put("/block5", new byte[BLOCK]);
        try (OpenVolume volume = open(Prefetch.AUTO)) {
            await(() -> kept() == 2);
            await(() -> Measured.pending(volume) == 0);
            assertThat(stored.blocks).doesNotContainKey(format.stored(5).key());
        }
    }

    @Test
    void aSequentialReaderFindsWhatComesNext() throws Exception {
        try (OpenVolume volume = open(new Prefetch("", true, 0))) {
            read(volume, 0, BLOCK);
            read(volume, BLOCK, BLOCK);
            read(volume, 2L * BLOCK, 10);
            await(() -> kept() >= 5);
            read(volume, 4L * BLOCK, BLOCK);
            read(volume, 5L * BLOCK, BLOCK);
            await(() -> kept() == TestFormat.BLOCKS - 1);
            assertThat(read(volume, 0, format.image.length)).isEqualTo(format.image);
        }
        assertThat(blocksAsked()).doesNotHaveDuplicates();
    }

    @Test
    void nothingIsFetchedAheadWhereThatIsNotWanted() throws Exception {
        transport.objects.put(PATH, new byte[1]);
        try (OpenVolume volume = open(Prefetch.NONE)) {
            read(volume, 0, 2 * BLOCK);
            await(() -> Measured.pending(volume) == 0);
        }
        assertThat(transport.requestsOf(PATH)).isZero();
        assertThat(blocksAsked()).containsExactlyInAnyOrder("block0", "block1");
    }

    @Test
    void theRestIsFilledInWhileNobodyWaits() throws Exception {
        try (OpenVolume volume = open(Prefetch.NONE.withFill(1 << 30))) {
            await(() -> kept() == TestFormat.BLOCKS - 1);
            await(() -> Measured.number(volume, "fill_ratio") == 1);
        }
    }

    @Test
    void aRecordingHasEachBlockOnceInItsOrder() throws Exception {
        try (OpenVolume volume = open(Prefetch.NONE)) {
            Recording recording = volume.record("work");
            read(volume, 4L * BLOCK, 10);
            read(volume, 10, 10);
            read(volume, 4L * BLOCK, 10);
            read(volume, (long) TestFormat.HOLE * BLOCK, 10);
            assertThat(recording.blocks()).isEqualTo(2);
            assertThat(recording.profile().entries())
                    .extracting(Profile.Entry::offset)
                    .containsExactly(4L * BLOCK, 0L);
            assertThat(recording.profile().name()).isEqualTo("work");
            recording.close();
            read(volume, BLOCK, 10);
            assertThat(recording.blocks()).isEqualTo(2);
        }
    }

    @Test
    void theEndOfARecordingThatWasSucceededLeavesItsSuccessor() throws Exception {
        try (OpenVolume volume = open(Prefetch.NONE)) {
            Recording first = volume.record("work");
            Recording second = volume.record("work");
            first.close();
            read(volume, BLOCK, 10);
            assertThat(first.blocks()).isZero();
            assertThat(second.blocks()).isEqualTo(1);
        }
    }
}
