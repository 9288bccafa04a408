package org.netloop.control.config;

import java.io.IOException;

/** A change that was not made: what ran goes on as it was. */
public final class RefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    /** With the reason. */
    public RefusedException(String reason) {
        super(reason);
    }
}
