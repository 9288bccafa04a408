package org.netloop.control.bundles;

import org.netloop.control.registry.FileStamps;
import org.netloop.control.registry.Watcher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A directory of plugins that is followed: what is put there is installed, or takes the place of
 * the bundle of its name; what is taken away is removed, and a bundle from elsewhere that it had
 * replaced is back. What was refused is tried again when the deployment has become another, as what
 * it lacked may have come. Thread-safe.
 */
public final class PluginDirectory implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PluginDirectory.class);
    static final String JARS = "*.jar";
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);

    private final Path directory;
    private final Plugins plugins;
    private final BundleManager manager;
    private final Retries retries = new Retries(System::nanoTime);
    private final CountDownLatch first = new CountDownLatch(1);
    private final Watcher following;

    /** Files dealt with last, and seen last; used by the thread that follows. */
    private FileStamps settled = FileStamps.NONE;

    private FileStamps last = FileStamps.NONE;
    private volatile Runnable changed = () -> {};

    /**
     * Begins to install what is there, and to follow it.
     *
     * @param directory need not be there
     * @param manager installs
     */
    public PluginDirectory(Path directory, BundleManager manager) {
        this.directory = directory;
        this.plugins = new Plugins(directory, manager);
        this.manager = manager;
        this.following = new Watcher("plugins-" + directory, this::begin, this::follow);
    }

    /**
     * Waits until all that was there at the beginning is installed or refused; false if that takes
     * longer.
     */
    public boolean awaitFirst(Duration atMost) throws InterruptedException {
        return first.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Says what is called, by a thread of this directory's own, when plugins came or went. */
    public void onChange(Runnable listener) {
        changed = listener;
    }

    private void begin() throws InterruptedException {
        try {
            // What lies there at the start has been written; what has not is refused, and seen
            // again.
            settled = FileStamps.NONE.again(directory, JARS);
            last = settled;
            settle(settled);
        } finally {
            first.countDown();
        }
    }

    private void follow() throws InterruptedException {
        Thread.sleep(LOOK_EVERY);
        FileStamps now = last.again(directory, JARS);
        if (now.equals(last) && (!now.equals(settled) || isRetryDue())) {
            settled = now;
            settle(now);
        }
        last = now;
        sweep();
    }

    private boolean isRetryDue() {
        return !plugins.refusals().isEmpty() && retries.isDue(manager.surroundings());
    }

    /** Installs what changed; continues to follow the directory, whatever came of it. */
    private void settle(FileStamps now) throws InterruptedException {
        try {
            if (plugins.settle(now)) {
                retries.begin();
                changed.run();
            }
        } catch (IOException | RuntimeException | LinkageError e) {
            LOG.error("a change of {} could not be dealt with", directory, e);
        } finally {
            retries.tried(manager.surroundings());
        }
    }

    /** Removes bundles that stopped late, or were held, without being asked. */
    private void sweep() throws InterruptedException {
        try {
            manager.sweep();
        } catch (RuntimeException e) {
            LOG.error("bundles that are not wanted any more could not be removed", e);
        }
    }

    /** Returns the reasons why files were refused, by file name. */
    public Map<String, String> refusals() {
        return plugins.refusals();
    }

    /**
     * Follows no more; what is being installed is told to give up, and has ended when this returns.
     */
    @Override
    public void close() {
        following.close();
    }
}
