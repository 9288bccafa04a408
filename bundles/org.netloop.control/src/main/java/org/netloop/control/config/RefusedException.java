package org.netloop.control.config;

import org.netloop.api.message.Failures;

import java.io.IOException;

/** A change that was not made: what ran goes on as it was. */
public final class RefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Creates a refusal with its reason. */
    public RefusedException(String reason) {
        super(reason);
    }

    /** A failure for people: its own words, which may be of several lines, or one sentence. */
    static String told(IOException failure) {
        return failure instanceof RefusedException
                ? String.valueOf(failure.getMessage())
                : Failures.sentence(failure);
    }
}
