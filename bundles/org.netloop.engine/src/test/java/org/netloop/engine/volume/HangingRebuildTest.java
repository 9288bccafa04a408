package org.netloop.engine.volume;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.netloop.api.block.Digest;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.index.Delta;
import org.netloop.api.index.DeltaBase;
import org.netloop.api.index.Index;
import org.netloop.api.index.ObjectReader;
import org.netloop.api.index.Reference;
import org.netloop.api.transport.FetchException;
import org.netloop.api.volume.Volumes.OpenVolume;
import org.netloop.api.volume.Volumes.VolumeSpec;

import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/** A codec of deltas that hangs while blocks are rebuilt. */
@Timeout(60)
class HangingRebuildTest extends InstalledEngine {
    private static final Digest PARENT = digest(new byte[] {1});

    /** Longer than anything takes here that does not hang. */
    private static final Duration LONG = Duration.ofSeconds(45);

    private final Semaphore hang = new Semaphore(0);
    private final Semaphore inside = new Semaphore(0);
    private volatile boolean hangs = true;

    @AfterEach
    void letGo() {
        hang.release(1000);
    }

    private final class HangingCodec extends PatchCodec {
        @Override
        public void decodeDelta(ByteBuffer bases, ByteBuffer delta, ByteBuffer plain) {
            if (hangs) {
                inside.release();
                hang.acquireUninterruptibly();
            }
            super.decodeDelta(bases, delta, plain);
        }
    }

    private @Nullable Delta delta(long offset) {
        int number = (int) (offset / BLOCK);
        if (number == 0 || number == TestFormat.HOLE || number > 3) {
            return null;
        }
        byte[] bytes = new byte[BLOCK];
        for (int i = 0; i < BLOCK; i++) {
            bytes[i] = (byte) (format.image[i] ^ format.image[number * BLOCK + i]);
        }
        transport.objects.put("/delta" + number, bytes);
        StoredBlock stored =
                StoredBlock.range(digest(bytes), "delta" + number, 0, BLOCK, PatchCodec.ID);
        DeltaBase base = new DeltaBase(format.stored(0), BLOCK, digest(expected(0, BLOCK)));
        return new Delta(
                stored,
                new Delta.Run(0, BLOCK),
                BLOCK,
                digest(expected(number * BLOCK, BLOCK)),
                List.of(base));
    }

    @BeforeEach
    void publishDeltas() {
        engine.unbindFormat(format);
        engine.bindFormat(
                new WrappedFormat(format) {
                    @Override
                    public Index open(Reference reference, ObjectReader objects)
                            throws FetchException, InterruptedException {
                        return new WithDeltas(
                                super.open(reference, objects), HangingRebuildTest.this::delta);
                    }
                },
                Map.of());
        engine.bindCodec(new HangingCodec(), Map.of());
        installCaches();
        rememberOpened(PARENT);
        stored.blocks.put(format.stored(0).key(), transport.objects.get("/" + TestFormat.path(0)));
    }

    private OpenVolume openPatiently(String base) throws Exception {
        return engine.open(
                new VolumeSpec(
                        "root", new Reference(URI.create(base), null, null), List.of(), LONG));
    }

    /** There are as many of them as processors; then a block of another volume is read. */
    @Test
    void rebuildsThatHangInOneVolumeDoNotKeepAnotherFromFetching() throws Exception {
        int processors = Runtime.getRuntime().availableProcessors();
        List<OpenVolume> stuck = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                OpenVolume well = openPatiently("test://b/")) {
            for (int i = 0; i < processors; i++) {
                OpenVolume volume = openPatiently("test://a/");
                stuck.add(volume);
                Future<byte[]> _ = threads.submit(() -> read(volume, BLOCK, BLOCK));
            }
            inside.acquire(processors);
            hangs = false; // the codec was replaced: it works for whoever comes from now on
            try {
                byte[] got = read(well, 2 * BLOCK, BLOCK);
                assertThat(Arrays.equals(got, expected(2 * BLOCK, BLOCK))).isTrue();
            } finally {
                hang.release(1000);
            }
        } finally {
            for (OpenVolume volume : stuck) {
                volume.close();
            }
        }
    }
}
