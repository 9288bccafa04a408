package org.netloop.engine.volume;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.Extent;
import org.netloop.api.index.Delta;
import org.netloop.api.index.ImageInfo;
import org.netloop.api.index.Index;
import org.netloop.api.index.IndexFormat;
import org.netloop.api.index.ObjectReader;
import org.netloop.api.index.Reference;
import org.netloop.api.message.Failures;
import org.netloop.api.transport.FetchException;
import org.netloop.engine.lease.BackendException;
import org.netloop.engine.lease.Backends;
import org.netloop.engine.lease.Telling;
import org.netloop.engine.lease.Use;
import org.netloop.engine.read.DeltaLookup;
import org.netloop.engine.retry.Deadline;
import org.netloop.engine.retry.RetryPolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * The index of a volume, whatever becomes of the format that opened it. When that leaves, its
 * successor opens the same image again, and is read from then on; until then the old index goes on
 * to serve, as far as it can: a bundle that was updated loads no more classes. Thread-safe.
 */
final class LiveIndex implements Index, DeltaLookup, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LiveIndex.class);
    private static final Duration LONGEST_WAIT = Duration.ofDays(1000);

    private final String volume;
    private final Reference reference;
    private final ObjectReader objects;
    private final Backends<IndexFormat> formats;
    private final Duration patience;

    private volatile @Nullable GuardedIndex current;
    private @Nullable Telling telling;
    private @Nullable Thread reopening;
    private boolean closed;

    /**
     * @param volume names it in messages
     * @param patience how long a part of the map may take
     */
    LiveIndex(
            String volume,
            Reference reference,
            ObjectReader objects,
            Backends<IndexFormat> formats,
            Duration patience) {
        this.volume = volume;
        this.reference = reference;
        this.objects = objects;
        this.formats = formats;
        this.patience = patience;
    }

    /** Serves that from now on. */
    void take(Recognition.Found found) throws BackendException, InterruptedException {
        take(GuardedIndex.of(found, patience));
    }

    private synchronized void take(GuardedIndex index) {
        if (closed) {
            return;
        }
        current = index;
        notifyAll();
        reopening = null;
        telling = formats.whenGone(index.format(), this::reopen);
    }

    private GuardedIndex current() {
        return Objects.requireNonNull(current, "no index was taken");
    }

    private void reopen() {
        ImageInfo image = current().image();
        synchronized (this) {
            if (closed) {
                return;
            }
            reopening = Thread.currentThread();
        }
        try {
            for (int before = 0; ; before++) {
                long pause = RetryPolicy.REOPENING.millis(before);
                try {
                    take(opened(image));
                    LOG.info("volume {} reads its index by {}", volume, current().name());
                    return;
                } catch (FetchException | BackendException e) {
                    LOG.warn(
                            "volume {} continues with the index of a format that left, next try in {}"
                                    + " ms: {}",
                            volume,
                            pause,
                            Failures.sentence(e));
                }
                Thread.sleep(pause);
            }
        } catch (InterruptedException _) {
            LOG.debug("volume {} was closed before its index was opened again", volume);
        }
    }

    /** The same image, whatever its channel leads to by now. */
    private GuardedIndex opened(ImageInfo image)
            throws FetchException, BackendException, InterruptedException {
        Reference same =
                new Reference(reference.repository(), reference.channelOrNull(), image.digest());
        try (Use<IndexFormat> use = formats.enter(image.format(), LONGEST_WAIT)) {
            if (use == null) {
                throw new FetchException.Unsupported("no format " + image.format() + " came");
            }
            GuardedIndex index =
                    GuardedIndex.of(
                            new Recognition.Found(
                                    use.standing(),
                                    use.call(
                                            FetchException.class,
                                            format ->
                                                    Objects.requireNonNull(
                                                            format.open(same, objects)))),
                            patience);
            if (!index.image().equals(image)) {
                throw new FetchException.Corrupt(
                        use.name() + " opens another image than " + image.digest());
            }
            return index;
        }
    }

    @Override
    public ImageInfo image() {
        return current().image();
    }

    private interface Question<R> {
        R of(Index index) throws FetchException, InterruptedException;
    }

    /** Asks the index; if that fails because its format left, asks its successor. */
    private <R> R answer(Question<R> question) throws FetchException, InterruptedException {
        Deadline deadline = Deadline.in(patience);
        while (true) {
            GuardedIndex asked = current();
            try {
                return question.of(asked);
            } catch (FetchException e) {
                if (formats.has(asked.format()) || !isSucceeded(asked, deadline)) {
                    throw e;
                }
            }
        }
    }

    private synchronized boolean isSucceeded(GuardedIndex old, Deadline deadline)
            throws InterruptedException {
        while (current == old && !closed && !deadline.passed()) {
            wait(Math.max(1, deadline.left().toMillis()));
        }
        return current != old;
    }

    @Override
    public Block block(long offset) throws FetchException, InterruptedException {
        return answer(index -> index.block(offset));
    }

    @Override
    public @Nullable Block blockIfLoaded(long offset) {
        return current().blockIfLoaded(offset);
    }

    @Override
    public @Nullable Delta delta(long offset) throws FetchException, InterruptedException {
        return current().delta(offset);
    }

    @Override
    public @Nullable Delta delta(long offset, Duration most)
            throws FetchException, InterruptedException {
        return current().delta(offset, most);
    }

    @Override
    public @Nullable Delta earlierDelta(Digest plain, int images)
            throws FetchException, InterruptedException {
        return current().earlierDelta(plain, images);
    }

    @Override
    public @Nullable Delta earlierDelta(Digest plain, int images, Duration most)
            throws FetchException, InterruptedException {
        return current().earlierDelta(plain, images, most);
    }

    @Override
    public List<Digest> deltaBases() {
        return current().deltaBases();
    }

    @Override
    public Extent extent(long offset) throws FetchException, InterruptedException {
        return answer(index -> index.extent(offset));
    }

    /** No format need be followed any more. */
    @Override
    public synchronized void close() {
        closed = true;
        notifyAll();
        if (telling != null) {
            telling.close();
        }
        if (reopening != null) {
            reopening.interrupt();
        }
    }
}
