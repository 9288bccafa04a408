package org.netloop.engine.fetch;

import org.jspecify.annotations.Nullable;
import org.netloop.api.transport.FetchException;
import org.netloop.engine.lease.BackendException;

import java.util.LinkedHashMap;
import java.util.Map;

/** What each mirror said to one request, and what follows from all of it. Used by one thread. */
final class Attempts {
    private static final int ROUNDS_OF_WRONG_BYTES = 2;

    private final Map<Mirror, FetchException> last = new LinkedHashMap<>();
    private @Nullable BackendException defect;
    private int count;

    /** What a mirror sent may be good, but a backend of ours failed over it. */
    void add(BackendException failure) {
        count++;
        defect = failure;
    }

    void add(Mirror mirror, FetchException failure) {
        count++;
        last.put(mirror, failure);
    }

    /**
     * Whether asking again may help: a mirror was unavailable, or sent wrong bytes for the first
     * time, or a backend of ours failed, which may be replaced.
     */
    boolean worthRepeating(int rounds) {
        return defect != null
                || last.values().stream()
                        .anyMatch(
                                f ->
                                        f instanceof FetchException.Unavailable
                                                || f instanceof FetchException.Corrupt
                                                        && rounds < ROUNDS_OF_WRONG_BYTES);
    }

    /**
     * The failure to end with: the same type, if all mirrors agree; else that it is unavailable.
     */
    FetchException conclusion(String object, int mirrors) {
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
        // Asking again would help nobody to more than what was refused.
        FetchException untrusted = untrusted();
        if (untrusted != null && !worthRepeating(ROUNDS_OF_WRONG_BYTES)) {
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
        last.values().forEach(failure -> text.append("; ").append(reason(failure)));
        return text.toString();
    }

    private static @Nullable String reason(FetchException failure) {
        return failure.getMessage();
    }
}
