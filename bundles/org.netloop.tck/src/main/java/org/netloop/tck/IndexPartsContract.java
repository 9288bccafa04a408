package org.netloop.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.netloop.api.block.Block;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.index.ImageSpec;
import org.netloop.api.index.Index;
import org.netloop.api.index.IndexFormat;
import org.netloop.api.transport.FetchException;
import org.netloop.tck.MemoryRepository.Read;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Obligations of every {@link IndexFormat} when it loads parts of a map. */
public abstract class IndexPartsContract extends IndexWritingContract {
    private static final int READERS = 8;

    /** Created by JUnit. */
    protected IndexPartsContract() {}

    private long bytesRead() {
        return repository.reads().stream().mapToLong(Read::length).sum();
    }

    @Test
    void aHugeImageOpensAtOnce() throws Exception {
        ImageSpec spec = spec(ImageSpec.MAX_BLOCK_LENGTH, DigestAlgorithm.SHA256);
        publish(spec, 1024 * GIB, number -> number % 5000 != 7);
        repository.forgetReads();
        Index index = open();
        assertThat(bytesRead()).isLessThan(64 << 10);
        index.block(512 * GIB);
        index.extent(700 * GIB);
        assertThat(bytesRead()).isLessThan(1 << 20);
    }

    @Test
    void aDistantReadFetchesOnePartAndOnlyOnce() throws Exception {
        publish(spec(), GIB, _ -> false);
        Index index = open();
        repository.forgetReads();
        assertThat(index.blockIfLoaded(GIB / 2)).isNull();
        Block block = index.block(GIB / 2);
        assertThat(repository.reads()).hasSize(1);
        assertThat(index.blockIfLoaded(GIB / 2)).isEqualTo(block);
        assertThat(index.block(GIB / 2)).isEqualTo(block);
        index.extent(GIB / 2);
        assertThat(repository.reads()).hasSize(1);
    }

    @Test
    void readersOfOnePartJoinOneRead() throws Exception {
        publish(spec(), BLOCK, _ -> false);
        AtomicBoolean opened = new AtomicBoolean();
        CountDownLatch release = new CountDownLatch(1);
        Index index =
                format().open(channel, repository.objects(_ -> holdIf(opened.get(), release)));
        repository.forgetReads();
        opened.set(true);
        List<FutureTask<Block>> readers = new ArrayList<>();
        for (int i = 0; i < READERS; i++) {
            FutureTask<Block> reader = new FutureTask<>(() -> index.block(0));
            readers.add(reader);
            awaitWaiting(Thread.ofPlatform().start(reader));
        }
        release.countDown();
        for (FutureTask<Block> reader : readers) {
            assertThat(reader.get(60, TimeUnit.SECONDS).isHole()).isFalse();
        }
        assertThat(repository.reads()).hasSize(1);
    }

    private static void holdIf(boolean opened, CountDownLatch release) throws InterruptedException {
        if (opened && !release.await(60, TimeUnit.SECONDS)) {
            throw new AssertionError("nobody released the read");
        }
    }

    private static void awaitWaiting(Thread thread) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (thread.getState() != Thread.State.WAITING
                && thread.getState() != Thread.State.TIMED_WAITING) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    @Test
    void whoIsInterruptedLeavesAndTheOthersStay() throws Exception {
        publish(spec(), BLOCK, _ -> false);
        AtomicBoolean opened = new AtomicBoolean();
        CountDownLatch release = new CountDownLatch(1);
        Index index =
                format().open(channel, repository.objects(_ -> holdIf(opened.get(), release)));
        opened.set(true);
        FutureTask<Block> leaves = new FutureTask<>(() -> index.block(0));
        FutureTask<Block> stays = new FutureTask<>(() -> index.block(0));
        Thread interrupted = Thread.ofPlatform().start(leaves);
        awaitWaiting(interrupted);
        awaitWaiting(Thread.ofPlatform().start(stays));
        interrupted.interrupt();
        assertThatThrownBy(() -> leaves.get(60, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(InterruptedException.class);
        release.countDown();
        assertThat(stays.get(60, TimeUnit.SECONDS).isHole()).isFalse();
    }

    @Test
    void aFailureIsNotRemembered() throws Exception {
        publish(spec(), BLOCK, _ -> false);
        AtomicBoolean down = new AtomicBoolean();
        Index index =
                format().open(
                                channel,
                                repository.objects(
                                        path -> {
                                            if (down.get()) {
                                                throw new FetchException.Unavailable(path, null);
                                            }
                                        }));
        down.set(true);
        for (int i = 0; i < 100; i++) {
            assertThatThrownBy(() -> index.block(0)).isInstanceOf(FetchException.Unavailable.class);
            assertThat(index.blockIfLoaded(0)).isNull();
        }
        down.set(false);
        assertThat(index.block(0).isHole()).isFalse();
    }
}
