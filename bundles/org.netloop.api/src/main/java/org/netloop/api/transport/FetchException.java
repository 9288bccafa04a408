package org.netloop.api.transport;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Duration;

/**
 * Says why nothing usable came from a mirror. The type says what the fetcher does next; the message
 * says what failed, on which object, with numbers, and what to do.
 */
public abstract sealed class FetchException extends IOException {
    private static final long serialVersionUID = 1L;

    private FetchException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /**
     * The mirror answers and does not have it: the next mirror is asked, this one is not blamed.
     */
    public static final class Missing extends FetchException {
        private static final long serialVersionUID = 1L;

        /** With the object that is missing. */
        public Missing(String message) {
            super(message, null);
        }

        /** With the object that is missing, and how the transport learned of it. */
        public Missing(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * The bytes do not match their digest or length: the next mirror is asked, this one is blamed.
     */
    public static final class Corrupt extends FetchException {
        private static final long serialVersionUID = 1L;

        /** With what was expected and what came. */
        public Corrupt(String message) {
            super(message, null);
        }

        /** With what was expected and what came. */
        public Corrupt(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** Timeout, refused, 5xx, 429: the next mirror is asked, this one rests. */
    public static final class Unavailable extends FetchException {
        private static final long serialVersionUID = 1L;
        private final @Nullable Duration retryAfter;

        /** With what happened. */
        public Unavailable(String message, @Nullable Throwable cause) {
            this(message, cause, null);
        }

        /**
         * With what happened, and how long the mirror asked to be left alone; null if it did not
         * say.
         */
        public Unavailable(
                String message, @Nullable Throwable cause, @Nullable Duration retryAfter) {
            super(message, cause);
            this.retryAfter = retryAfter;
        }

        /** How long the mirror asked to be left alone; null if it did not say. */
        public @Nullable Duration retryAfter() {
            return retryAfter;
        }
    }

    /** 401 or 403: the mirror is barred until its configuration changes. */
    public static final class Denied extends FetchException {
        private static final long serialVersionUID = 1L;

        /** With what was refused; without the credentials. */
        public Denied(String message) {
            super(message, null);
        }

        /** With what was refused; without the credentials. */
        public Denied(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * No codec, format or transport for it is installed: fails at once; the message names what is
     * missing.
     */
    public static final class Unsupported extends FetchException {
        private static final long serialVersionUID = 1L;

        /** With what is missing and where to find it. */
        public Unsupported(String message) {
            super(message, null);
        }
    }
}
