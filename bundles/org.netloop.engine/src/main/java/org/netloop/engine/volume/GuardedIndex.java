package org.netloop.engine.volume;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.Extent;
import org.netloop.api.index.Delta;
import org.netloop.api.index.ImageInfo;
import org.netloop.api.index.Index;
import org.netloop.api.index.IndexFormat;
import org.netloop.api.transport.FetchException;
import org.netloop.engine.lease.BackendException;
import org.netloop.engine.lease.Use;
import org.netloop.engine.retry.RetryPolicy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * An index that a plugin made, whatever it throws or returns, and however long it takes: what is
 * wrong is its format's fault. Thread-safe.
 */
final class GuardedIndex implements Index {
    private final Index index;
    private final Use<IndexFormat> format;
    private final ImageInfo image;
    private final Duration patience;

    private GuardedIndex(Recognition.Found found, ImageInfo image, Duration patience) {
        this.index = found.index();
        this.format = found.format();
        this.image = image;
        this.patience = patience;
    }

    /**
     * @param patience how long a part of the map may take
     */
    static GuardedIndex of(Recognition.Found found, Duration patience)
            throws BackendException, InterruptedException {
        ImageInfo image = found.format().call(_ -> found.index().image());
        return new GuardedIndex(found, image, patience);
    }

    /** The format that opened it. */
    IndexFormat format() {
        return format.service();
    }

    /** Returns the name used in messages. */
    String name() {
        return format.name();
    }

    @Override
    public ImageInfo image() {
        return image;
    }

    @Override
    public @Nullable Block blockIfLoaded(long offset) {
        try {
            Block block = format.find(_ -> index.blockIfLoaded(offset));
            return block == null || !holds(block, offset) ? null : block;
        } catch (BackendException _) {
            // It was counted. Whoever needs it asks for it again, and is told.
            return null;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    private boolean holds(Block block, long offset) {
        return block.offset() <= offset
                && block.end() > offset
                && block.end() <= image.size()
                && block.length() <= image.maxBlockLength();
    }

    @Override
    public Block block(long offset) throws FetchException, InterruptedException {
        Block loaded = blockIfLoaded(offset);
        return loaded != null ? loaded : inTime(() -> located(offset));
    }

    private Block located(long offset) throws FetchException, InterruptedException {
        return contained(
                _ -> {
                    Block block = index.block(offset);
                    if (!holds(block, offset)) {
                        throw new IllegalStateException(block + " does not hold " + offset);
                    }
                    return block;
                });
    }

    @Override
    public @Nullable Delta delta(long offset) throws FetchException, InterruptedException {
        return inTime(() -> lookedUp(offset)).orElse(null);
    }

    /**
     * Looks a delta up like {@link #delta(long)}; that it takes longer is not its format's fault.
     *
     * @throws FetchException.Unavailable if it takes longer
     */
    @Nullable Delta delta(long offset, Duration most) throws FetchException, InterruptedException {
        return lookedUpWithin(most, () -> lookedUp(offset));
    }

    private @Nullable Delta lookedUpWithin(Duration most, Callable<Optional<Delta>> lookup)
            throws FetchException, InterruptedException {
        if (most.compareTo(longest()) >= 0) {
            return inTime(lookup).orElse(null);
        }
        try {
            return within(most, lookup).orElse(null);
        } catch (TimeoutException e) {
            throw new FetchException.Unavailable(
                    "their table did not come within " + most.toMillis() + " ms", e);
        }
    }

    private Optional<Delta> lookedUp(long offset) throws FetchException, InterruptedException {
        return contained(_ -> Optional.ofNullable(index.delta(offset)));
    }

    @Override
    public @Nullable Delta earlierDelta(Digest plain, int images)
            throws FetchException, InterruptedException {
        return inTime(() -> lookedUp(plain, images)).orElse(null);
    }

    /**
     * Looks up like {@link #earlierDelta(Digest, int)}; that it takes longer is not its format's
     * fault.
     *
     * @throws FetchException.Unavailable if it takes longer
     */
    @Nullable Delta earlierDelta(Digest plain, int images, Duration most)
            throws FetchException, InterruptedException {
        return lookedUpWithin(most, () -> lookedUp(plain, images));
    }

    private Optional<Delta> lookedUp(Digest plain, int images)
            throws FetchException, InterruptedException {
        return contained(_ -> Optional.ofNullable(index.earlierDelta(plain, images)));
    }

    @Override
    public List<Digest> deltaBases() {
        try {
            return List.copyOf(format.call(_ -> index.deltaBases()));
        } catch (BackendException _) {
            // It was counted. The image is read without its deltas.
            return List.of();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    @Override
    public Extent extent(long offset) throws FetchException, InterruptedException {
        return inTime(
                () ->
                        contained(
                                _ -> {
                                    Extent extent = index.extent(offset);
                                    if (extent.offset() != offset
                                            || extent.length() < 1
                                            || extent.end() > image.size()) {
                                        throw new IllegalStateException(
                                                extent + " is not a run at " + offset);
                                    }
                                    return extent;
                                }));
    }

    private <R> R contained(Use.Call<IndexFormat, R> call)
            throws FetchException, InterruptedException {
        try {
            return format.call(FetchException.class, call);
        } catch (BackendException e) {
            throw new FetchException.Unavailable(String.valueOf(e.getMessage()), e);
        }
    }

    /** A part of the map is had, or fails, in time; the rest is for an index that does not end. */
    private Duration longest() {
        return patience.plus(RetryPolicy.OVERTIME);
    }

    private <R> R inTime(Callable<R> errand) throws FetchException, InterruptedException {
        Duration longest = longest();
        try {
            return within(longest, errand);
        } catch (TimeoutException e) {
            format.blame("it hangs");
            throw new FetchException.Unavailable(
                    name() + " hangs: given up after " + longest.toSeconds() + " s", e);
        }
    }

    /** Not on the reader's thread, which would hang with it. */
    private static <R> R within(Duration longest, Callable<R> errand)
            throws FetchException, InterruptedException, TimeoutException {
        FutureTask<R> task = new FutureTask<>(errand);
        Thread.ofVirtual().name("locate").start(task);
        try {
            return task.get(longest.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case FetchException failure -> throw failure;
                case InterruptedException interrupted -> throw interrupted;
                case null, default -> throw new IllegalStateException(e);
            }
        } finally {
            task.cancel(true);
        }
    }
}
