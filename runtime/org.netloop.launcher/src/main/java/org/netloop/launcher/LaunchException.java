package org.netloop.launcher;

import org.jspecify.annotations.Nullable;

/** Says why it could not be started, on which file, and what to do. */
public final class LaunchException extends Exception {
    private static final long serialVersionUID = 1L;

    LaunchException(String message) {
        super(message);
    }

    LaunchException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
