package org.netloop.control.features;

import org.netloop.api.message.Failures;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Steps back on the way to a feature, or away from it; the last one is run first. */
final class Undo {
    private final Deque<Step> steps = new ArrayDeque<>();

    /** A step. */
    interface Step {
        void run() throws IOException, InterruptedException;
    }

    void push(Step back) {
        steps.push(back);
    }

    /**
     * Runs all steps, also if one fails, or the thread was or is interrupted: it stays so then.
     *
     * @return a sentence for each step that failed
     */
    List<String> run() {
        boolean isInterrupted = Thread.interrupted();
        List<String> failures = new ArrayList<>();
        for (Step step : steps) {
            try {
                step.run();
            } catch (InterruptedException e) {
                isInterrupted = true;
                failures.add(Failures.sentence(e));
            } catch (IOException | RuntimeException e) {
                failures.add(Failures.sentence(e));
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
        return failures;
    }
}
