package org.netloop.engine.volume;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Block;
import org.netloop.api.block.Extent;
import org.netloop.api.index.ImageInfo;
import org.netloop.api.index.Index;
import org.netloop.api.status.Measure;
import org.netloop.api.status.Measures;
import org.netloop.api.transport.FetchException;
import org.netloop.api.volume.BlockState;
import org.netloop.api.volume.Recording;
import org.netloop.api.volume.VolumeException;
import org.netloop.api.volume.Volumes;
import org.netloop.engine.ahead.Prefetcher;
import org.netloop.engine.ahead.Recorder;
import org.netloop.engine.fetch.MirrorSet;
import org.netloop.engine.read.BlockReader;
import org.netloop.engine.read.Counters;
import org.netloop.engine.read.MapMemory;
import org.netloop.engine.read.SeenRoots;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** An image that was opened, its mirrors, and what it did since. */
final class OpenedVolume implements Volumes.OpenVolume {
    private static final Logger LOG = LoggerFactory.getLogger(OpenedVolume.class);
    private static final int FAILURES_KEPT = 32;
    private static final Duration LONGEST_DRAIN = Duration.ofSeconds(5);

    /** A run is followed over so many parts of the map at a time. */
    private static final int EXTENT_STEPS = 64;

    /** Failure of a read. */
    private record Failure(Instant at, String message) {}

    private final Volumes.VolumeSpec spec;
    private final LiveIndex index;
    private final SeenRoots roots;
    private final MirrorSet mirrors;
    private final BlockReader reader;
    private final Counters counters;
    private final Supplier<String> policy;
    private final @Nullable Prefetcher prefetcher;
    private final MapMemory.Account memory;
    private final Deque<Failure> failures = new ArrayDeque<>();
    private final AtomicReference<@Nullable Recorder> recorder = new AtomicReference<>();
    private volatile boolean closed;

    OpenedVolume(
            Volumes.VolumeSpec spec,
            LiveIndex index,
            SeenRoots roots,
            MirrorSet mirrors,
            BlockReader reader,
            Counters counters,
            Supplier<String> policy,
            @Nullable Prefetcher prefetcher,
            MapMemory.Account memory) {
        this.spec = spec;
        this.index = index;
        this.roots = roots;
        this.mirrors = mirrors;
        this.reader = reader;
        this.counters = counters;
        this.policy = policy;
        this.prefetcher = prefetcher;
        this.memory = memory;
    }

    @Override
    public String name() {
        return spec.name();
    }

    @Override
    public ImageInfo image() {
        return index.image();
    }

    @Override
    public Index index() {
        return index;
    }

    /** Returns whether its channel chose the image; else a digest did. */
    boolean isOfChannel() {
        return spec.reference().digestOrNull() == null;
    }

    /** Returns the roots that led to the image. */
    SeenRoots roots() {
        return roots;
    }

    MirrorSet mirrors() {
        return mirrors;
    }

    @Override
    public void read(long offset, ByteBuffer into) throws VolumeException, InterruptedException {
        Objects.checkFromIndexSize(offset, (long) into.remaining(), size());
        int length = into.remaining();
        if (closed) {
            // Its successor answers: no reader of an attachment gets to see this.
            throw new VolumeException.Io("volume " + name() + " is closed", null);
        }
        try {
            note(offset, length);
            reader.read(offset, into);
            answered(length);
        } catch (FetchException e) {
            throw failed(e.getMessage(), e);
        }
    }

    @Override
    public boolean readIfPresent(long offset, ByteBuffer into) {
        Objects.checkFromIndexSize(offset, (long) into.remaining(), size());
        int length = into.remaining();
        boolean present = !closed && reader.readIfPresent(offset, into);
        if (present) {
            note(offset, length);
            answered(length);
        }
        return present;
    }

    /** Notes a read for prefetch and recordings; each costs one look at a field when it is off. */
    private void note(long offset, int length) {
        if (prefetcher != null) {
            prefetcher.reads(offset, length);
        }
        Recorder recording = recorder.get();
        if (recording != null) {
            recording.reads(offset, length);
        }
    }

    @Override
    public Recording record(String profile) {
        Recorder fresh = new Recorder(index, profile, ended -> recorder.compareAndSet(ended, null));
        Recorder before = recorder.getAndSet(fresh);
        if (before != null) {
            before.close();
        }
        return fresh;
    }

    private void answered(int length) {
        counters.reads.increment();
        counters.bytesRead.add(length);
    }

    private VolumeException failed(@Nullable String message, @Nullable Throwable why) {
        String told = message + "; see the mirror list of volume " + name();
        counters.failedReads.increment();
        synchronized (failures) {
            if (failures.size() == FAILURES_KEPT) {
                failures.removeLast();
            }
            failures.addFirst(new Failure(Instant.now(), told));
        }
        LOG.error("a reader gets an I/O error: {}", told);
        return new VolumeException.Io(told, why);
    }

    @Override
    public Extent extent(long offset, long length) throws VolumeException, InterruptedException {
        Objects.checkFromIndexSize(offset, length, size());
        try {
            Extent first = index.extent(offset);
            long end = first.end();
            for (int step = 0; step < EXTENT_STEPS && end < offset + length; step++) {
                Extent next = index.extent(end);
                if (next.hole() != first.hole()) {
                    break;
                }
                end = next.end();
            }
            return new Extent(offset, Math.min(end - offset, length), first.hole());
        } catch (FetchException e) {
            throw failed(e.getMessage(), e);
        }
    }

    @Override
    public BlockState state(long offset) {
        Objects.checkIndex(offset, size());
        Block block = index.blockIfLoaded(offset);
        if (block == null) {
            long end = Math.min(size(), offset + preferredLength());
            return new BlockState(BlockState.Place.UNKNOWN, false, end);
        }
        boolean foreseen = prefetcher != null && prefetcher.foresees(block);
        return new BlockState(reader.place(block), foreseen, block.end());
    }

    @Override
    public Block verify(long offset) throws VolumeException, InterruptedException {
        Objects.checkIndex(offset, size());
        try {
            return reader.verify(offset);
        } catch (FetchException e) {
            throw new VolumeException.Io(e.getMessage() == null ? e.toString() : e.getMessage(), e);
        }
    }

    @Override
    public List<Measure> measures() {
        Measures measures = VolumeMeasures.of(name());
        VolumeMeasures.image(image(), measures);
        measures.text(
                        "netloop_volume_reference",
                        "What the volume was opened from.",
                        spec.reference().toString())
                .text("netloop_volume_mirror_policy", "What orders the mirrors.", policy.get());
        counters.measure(measures);
        measures.gauge(
                "netloop_volume_pending_blocks", "blocks", "Blocks under way.", reader.underWay());
        if (prefetcher != null) {
            prefetcher.measure(measures);
        }
        mirrors.all().forEach(mirror -> VolumeMeasures.mirror(mirror, measures));
        for (Failure failure : latestFailures()) {
            measures.with("at", failure.at().toString())
                    .text(
                            "netloop_volume_failure",
                            "Why a read failed; the latest first.",
                            failure.message());
        }
        return measures.list();
    }

    private List<Failure> latestFailures() {
        synchronized (failures) {
            return List.copyOf(failures);
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (prefetcher != null) {
            prefetcher.close();
        }
        index.close();
        try {
            reader.close(LONGEST_DRAIN);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            memory.close();
        }
    }
}
