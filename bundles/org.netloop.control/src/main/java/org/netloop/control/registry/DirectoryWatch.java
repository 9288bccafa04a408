package org.netloop.control.registry;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Looks at the files of a directory again and again, and tells when they have become others. Files
 * that change from one look to the next are being written, and waited for. Looking finds a change
 * on any file system, and behind links, where being notified would not.
 */
public final class DirectoryWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DirectoryWatch.class);

    /** Callback for changed files. */
    @FunctionalInterface
    public interface Changed {
        /** Called by one thread. */
        void run() throws InterruptedException;
    }

    private final Path directory;
    private final String glob;
    private final Duration every;
    private final Changed changed;
    private final Watcher watching;

    /** Files told of last, and seen last; used by the thread that watches. */
    private FileStamps told = FileStamps.NONE;

    private FileStamps last = FileStamps.NONE;

    /**
     * Begins to look.
     *
     * @param directory need not be there
     * @param glob which of its files
     * @param every how often
     * @param changed what is done; also once at the beginning if the directory has such files
     */
    public DirectoryWatch(Path directory, String glob, Duration every, Changed changed) {
        this.directory = directory;
        this.glob = glob;
        this.every = every;
        this.changed = changed;
        this.watching = new Watcher("watch-" + directory, () -> {}, this::watch);
    }

    private void watch() throws InterruptedException {
        FileStamps now = last.again(directory, glob);
        if (now.equals(last) && !now.equals(told)) {
            told = now;
            tell();
        }
        last = now;
        Thread.sleep(every);
    }

    /** Runs the callback; continues to watch, whatever came of it. */
    private void tell() throws InterruptedException {
        try {
            changed.run();
        } catch (RuntimeException | LinkageError e) {
            LOG.error("a change of {} could not be dealt with", directory, e);
        }
    }

    /** Looks no more; what is being done is told to give up, and has ended when this returns. */
    @Override
    public void close() {
        watching.close();
    }
}
