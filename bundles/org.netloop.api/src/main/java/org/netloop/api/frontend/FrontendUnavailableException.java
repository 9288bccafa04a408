package org.netloop.api.frontend;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/**
 * Says that a frontend cannot be used on this machine, whatever is attached: a device, a library or
 * a right is missing. Another frontend may be.
 */
public final class FrontendUnavailableException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String frontend;
    private final String reason;

    /**
     * Creates a failure.
     *
     * @param frontend the frontend's id
     * @param reason what is missing, and what to do, as a phrase
     */
    public FrontendUnavailableException(String frontend, String reason, @Nullable Throwable cause) {
        super("frontend " + frontend + " is not available: " + reason, cause);
        this.frontend = frontend;
        this.reason = reason;
    }

    /** Returns the id of the frontend. */
    public String frontend() {
        return frontend;
    }

    /** Returns what is missing, and what to do, as a phrase. */
    public String reason() {
        return reason;
    }
}
