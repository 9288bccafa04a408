package org.netloop.command;

import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

import org.jspecify.annotations.Nullable;
import org.netloop.api.message.Sizes;
import org.netloop.api.message.Terminal;

import java.time.Duration;

/**
 * Shows how far something is: a bar with rate and time left on a terminal, a line every few seconds
 * elsewhere. On standard error, as standard output is for results. Used by one thread at a time.
 */
final class ProgressMeter implements AutoCloseable {
    private static final long LINE_EVERY_NANOS = Duration.ofSeconds(5).toNanos();
    private static final int MEBI = 1 << 20;

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final String task;
    private final long start = System.nanoTime();
    private final boolean onTerminal = Terminal.isThere();
    private @Nullable ProgressBar bar;
    private long nextLine = System.nanoTime() + LINE_EVERY_NANOS;

    /**
     * @param task what goes on: {@code pack root.img}
     */
    ProgressMeter(String task) {
        this.task = task;
    }

    private static ProgressBar bar(String task, long total) {
        return new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(total)
                .setUnit(" MiB", MEBI)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(200)
                .build();
    }

    /** Shows that {@code done} of {@code total} are finished; a total of -1 is unknown. */
    void at(long done, long total) {
        if (onTerminal) {
            // Not before: how many there are may only be known now.
            ProgressBar shown = bar == null ? bar(task, total) : bar;
            bar = shown;
            shown.maxHint(total);
            shown.stepTo(done);
            shown.setExtraMessage(rate(done, System.nanoTime() - start));
        } else if (System.nanoTime() - nextLine >= 0) {
            nextLine = System.nanoTime() + LINE_EVERY_NANOS;
            System.err.println(
                    task
                            + ": "
                            + Sizes.human(done)
                            + (total < 0 ? "" : " of " + Sizes.human(total)));
        }
    }

    /** Returns the rate as text; empty during the first second, when it would be a guess. */
    static String rate(long done, long nanos) {
        return nanos < SECOND ? "" : Sizes.human((long) (done / (nanos / (double) SECOND))) + "/s";
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
