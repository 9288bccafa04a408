package org.netloop.engine.fetch;

import org.jspecify.annotations.Nullable;
import org.netloop.api.transport.FetchException;
import org.netloop.engine.lease.BackendException;
import org.netloop.engine.retry.RetryPolicy;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Answers of all mirrors to one request, and the conclusion drawn from them. Used by one thread.
 */
final class Attempts {
    private final Map<Mirror, FetchException> last = new LinkedHashMap<>();

    /** Mirrors that there was no time to ask again after they failed. */
    private final Set<Mirror> late = new HashSet<>();

    private @Nullable BackendException defect;
    private int count;
    private boolean settled;

    /** Records a failure of a local backend over bytes that may be good. */
    void add(BackendException failure) {
        count++;
        defect = failure;
    }

    /** Records the failure of a mirror; a lack of time does not take the place of its own one. */
    void add(Mirror mirror, FetchException failure) {
        count++;
        if (failure.getCause() instanceof TimeIsUp && last.containsKey(mirror)) {
            late.add(mirror);
        } else {
            late.remove(mirror);
            last.put(mirror, failure);
        }
    }

    /** Records that the answer cannot be used here: no other answer is waited for. */
    void settle() {
        settled = true;
    }

    /**
     * Returns whether another round may help, and is wanted: a mirror was unavailable, or sent
     * wrong bytes for the first time, or a local backend failed, which may be replaced.
     */
    boolean worthRepeating(int rounds, Persistence persistence) {
        boolean wanted =
                switch (persistence) {
                    case UNTIL_DEADLINE -> true;
                    case UNLESS_LACKED -> !isLacked();
                    case ONCE -> false;
                };
        return wanted && !settled && hasHope(rounds);
    }

    /**
     * Returns whether a mirror answered that does not have it: lacks it, denies it or sent it
     * damaged; and what came was not of a kind that no other answer is waited for.
     */
    boolean isAnswered() {
        return !settled
                && last.values().stream().anyMatch(f -> !(f instanceof FetchException.Unavailable));
    }

    private boolean isLacked() {
        return last.values().stream().anyMatch(FetchException.Missing.class::isInstance);
    }

    /**
     * Returns whether asking a mirror once more may help: not where it answered that it lacks the
     * object, which it would only answer again.
     */
    boolean mayHelp(Mirror mirror) {
        return !(last.get(mirror) instanceof FetchException.Missing);
    }

    private boolean hasHope(int rounds) {
        return defect != null
                || last.values().stream()
                        .anyMatch(
                                f ->
                                        f instanceof FetchException.Unavailable
                                                || f instanceof FetchException.Corrupt
                                                        && rounds
                                                                < RetryPolicy
                                                                        .ROUNDS_OF_WRONG_BYTES);
    }

    /**
     * The failure to end with: the same type, if all mirrors agree; that a mirror lacks it, if that
     * was enough to end; else that it is unavailable.
     */
    FetchException conclusion(String object, int mirrors, Persistence persistence) {
        if (defect != null) {
            return new FetchException.Unavailable(
                    object + ": " + defect.getMessage() + "; " + count + " attempts", defect);
        }
        String message = object + ": " + summary(mirrors);
        FetchException first = last.isEmpty() ? null : last.values().iterator().next();
        if (first != null
                && last.values().stream().allMatch(f -> f.getClass() == first.getClass())) {
            return first.withMessage(message);
        }
        if (persistence != Persistence.UNTIL_DEADLINE && isLacked()) {
            return new FetchException.Missing(message, first);
        }
        // Asking again would help nobody to more than what was refused.
        FetchException untrusted = untrusted();
        if (untrusted != null && !hasHope(RetryPolicy.ROUNDS_OF_WRONG_BYTES)) {
            return untrusted.withMessage(message);
        }
        return new FetchException.Unavailable(message, first);
    }

    private @Nullable FetchException untrusted() {
        return last.values().stream()
                .filter(FetchException.Untrusted.class::isInstance)
                .findFirst()
                .orElse(null);
    }

    private String summary(int mirrors) {
        if (mirrors == 0) {
            return "no mirror is configured; add one";
        }
        if (last.isEmpty()) {
            return "none of " + mirrors + " mirrors was asked in time";
        }
        StringBuilder text =
                new StringBuilder()
                        .append(count)
                        .append(count == 1 ? " attempt at " : " attempts at ")
                        .append(last.size())
                        .append(last.size() == 1 ? " mirror" : " mirrors");
        last.forEach(
                (mirror, failure) -> {
                    text.append("; ").append(failure.getMessage());
                    if (late.contains(mirror)) {
                        text.append(", and then the time was up");
                    }
                });
        return text.toString();
    }
}
