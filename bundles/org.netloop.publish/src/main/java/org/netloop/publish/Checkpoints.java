package org.netloop.publish;

import org.netloop.api.message.Failures;
import org.netloop.api.transport.Repository;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Makes what was put durable now and then, beside the packing, and only then notes it in the
 * journal. Thread-safe. A journal that cannot be written is given up; a repository that cannot be
 * synced is a failure.
 */
final class Checkpoints implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);

    private final Repository repository;
    private final Optional<Journal> journal;
    private final BlockTable table;
    private final Duration interval;
    private final Consumer<Throwable> onFailure;
    private final Thread thread;
    private List<KnownBlock> pending = new ArrayList<>();
    private boolean restarted;
    private boolean ended;
    private volatile boolean usable;

    /**
     * Checkpoints that begin with {@link #start}.
     *
     * @param journal empty if there is none: then nothing is done
     * @param onFailure told if the repository cannot be synced
     */
    Checkpoints(
            Repository repository,
            Optional<Journal> journal,
            BlockTable table,
            Duration interval,
            Consumer<Throwable> onFailure) {
        this.repository = repository;
        this.journal = journal;
        this.usable = journal.isPresent();
        this.table = table;
        this.interval = interval;
        this.onFailure = onFailure;
        this.thread =
                Thread.ofPlatform()
                        .name("netloop-publish-checkpoints")
                        .daemon()
                        .unstarted(this::run);
    }

    /** Begins to work beside. */
    void start() {
        if (usable) {
            thread.start();
        }
    }

    /** A block was put: it goes into the journal when it is durable. */
    synchronized void add(KnownBlock block) {
        if (usable) {
            pending.add(block);
        }
    }

    /** A block of the journal proved to be there. */
    synchronized void confirm(KnownBlock block) {
        if (restarted) {
            add(block);
        }
    }

    /**
     * A block of the journal proved not to be there, and is about to be put again. The journal
     * would call it durable before it is: it is begun anew, once, with what this run knows by
     * itself.
     */
    synchronized void deny() throws IOException {
        if (restarted || journal.isEmpty()) {
            return;
        }
        journal.get().restart();
        restarted = true;
        pending.clear();
        table.forEachPresent(this::add);
    }

    /** Ends the work beside; a checkpoint under way is waited for. */
    void end() throws InterruptedException {
        synchronized (this) {
            ended = true;
            notifyAll();
        }
        thread.join();
    }

    /** Notes what was put, all of which is durable now; after {@link #end}. */
    void complete() {
        note(take());
    }

    /** Ends at once; what is not noted yet will be put again. */
    @Override
    public void close() throws IOException {
        synchronized (this) {
            ended = true;
        }
        usable = false;
        thread.interrupt();
        Ending.await(thread::join, thread::isAlive, "a checkpoint of " + repository.base());
        if (journal.isPresent()) {
            journal.get().close();
        }
    }

    private void run() {
        try {
            long pauseMillis = interval.toMillis();
            while (pause(pauseMillis)) {
                long begin = System.nanoTime();
                checkpoint();
                // A slow repository is given as long to rest as it was kept busy.
                pauseMillis =
                        Math.max(interval.toMillis(), (System.nanoTime() - begin) / 1_000_000);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // closed
        } catch (IOException | RuntimeException e) {
            onFailure.accept(e);
        }
    }

    private synchronized boolean pause(long millis) throws InterruptedException {
        long until = System.nanoTime() + millis * 1_000_000;
        for (long left = millis;
                !ended && left > 0;
                left = (until - System.nanoTime()) / 1_000_000) {
            wait(left);
        }
        return !ended;
    }

    private void checkpoint() throws IOException {
        List<KnownBlock> blocks = take();
        if (!blocks.isEmpty()) {
            repository.sync();
            note(blocks);
        }
    }

    private synchronized List<KnownBlock> take() {
        List<KnownBlock> taken = pending;
        pending = new ArrayList<>();
        return taken;
    }

    private void note(List<KnownBlock> blocks) {
        if (!usable) {
            return;
        }
        try {
            journal.orElseThrow().append(blocks);
        } catch (IOException e) {
            giveUp(e);
        }
    }

    private void giveUp(IOException e) {
        if (usable) {
            usable = false;
            LOG.warn(
                    "the next publishing to {} will take longer: its journal cannot be written: {}",
                    repository.base(),
                    Failures.sentence(e));
        }
    }
}
