package org.netloop.api.transport;

import org.jspecify.annotations.Nullable;
import org.netloop.api.message.Secrets;

import java.io.IOException;
import java.time.Duration;

/**
 * Says why nothing usable came from a mirror. The type says what the fetcher does next; the message
 * says what failed, on which object, with numbers, and what to do; secrets are taken out of it
 * ({@link Secrets}), not out of its cause's.
 */
public abstract sealed class FetchException extends IOException {
    private static final long serialVersionUID = 1L;

    private FetchException(String message, @Nullable Throwable cause) {
        super(Secrets.hide(message), cause);
    }

    /**
     * The same failure, and so the same move of the fetcher, in other words: a failure of the same
     * type whose cause is this one.
     *
     * @param message what is said instead
     */
    public abstract FetchException withMessage(String message);

    /**
     * The mirror answers and does not have it: the next mirror is asked, this one is not blamed.
     */
    public static final class Missing extends FetchException {
        private static final long serialVersionUID = 1L;

        /** Creates a failure; the message names the missing object. */
        public Missing(String message) {
            super(message, null);
        }

        /**
         * Creates a failure; the message names the missing object, the cause says how the transport
         * learned of it.
         */
        public Missing(String message, @Nullable Throwable cause) {
            super(message, cause);
        }

        @Override
        public Missing withMessage(String message) {
            return new Missing(message, this);
        }
    }

    /**
     * The bytes do not match their digest or length: the next mirror is asked, this one is blamed.
     */
    public static final class Corrupt extends FetchException {
        private static final long serialVersionUID = 1L;

        /** Creates a failure; the message says what was expected and what arrived. */
        public Corrupt(String message) {
            super(message, null);
        }

        /** Creates a failure; the message says what was expected and what arrived. */
        public Corrupt(String message, @Nullable Throwable cause) {
            super(message, cause);
        }

        @Override
        public Corrupt withMessage(String message) {
            return new Corrupt(message, this);
        }
    }

    /** Timeout, refused, 5xx, 429: the next mirror is asked, this one rests. */
    public static final class Unavailable extends FetchException {
        private static final long serialVersionUID = 1L;
        private final @Nullable Duration retryAfter;

        /** Creates a failure; the message says what happened. */
        public Unavailable(String message, @Nullable Throwable cause) {
            this(message, cause, null);
        }

        /**
         * Creates a failure; the message says what happened, {@code retryAfter} how long the mirror
         * asked to be left alone, null if it did not say.
         */
        public Unavailable(
                String message, @Nullable Throwable cause, @Nullable Duration retryAfter) {
            super(message, cause);
            this.retryAfter = retryAfter;
        }

        @Override
        public Unavailable withMessage(String message) {
            return new Unavailable(message, this, retryAfter);
        }

        /** Returns how long the mirror asked to be left alone; null if it did not say. */
        public @Nullable Duration retryAfter() {
            return retryAfter;
        }
    }

    /**
     * 401 or 403: the mirror is barred for a while, which grows with each time in a row from half a
     * minute to a quarter of an hour. A mirror without another one that could be asked is asked all
     * the same.
     */
    public static final class Denied extends FetchException {
        private static final long serialVersionUID = 1L;

        /** Creates a failure; the message says what was refused, without credentials. */
        public Denied(String message) {
            super(message, null);
        }

        /** Creates a failure; the message says what was refused, without credentials. */
        public Denied(String message, @Nullable Throwable cause) {
            super(message, cause);
        }

        @Override
        public Denied withMessage(String message) {
            return new Denied(message, this);
        }
    }

    /**
     * No codec, format or transport for it is installed: fails at once; the message names what is
     * missing.
     */
    public static final class Unsupported extends FetchException {
        private static final long serialVersionUID = 1L;

        /** Creates a failure; the message says what is missing and where to find it. */
        public Unsupported(String message) {
            super(message, null);
        }

        /**
         * Creates a failure; the message says what is missing and where to find it, the cause how
         * that was learned.
         */
        public Unsupported(String message, @Nullable Throwable cause) {
            super(message, cause);
        }

        @Override
        public Unsupported withMessage(String message) {
            return new Unsupported(message, this);
        }
    }

    /**
     * Failure of trust: the fetched document lacks the proof it needs, such as a channel older than
     * the one accepted before, or a signature that is missing or by an unknown key. The next mirror
     * is asked; this one is not blamed, as what has a digest may come from anywhere. The message
     * says how to accept it on purpose.
     */
    public static final class Untrusted extends FetchException {
        private static final long serialVersionUID = 1L;

        /**
         * Creates a failure; the message says what arrived, what was expected, and how to accept it
         * on purpose.
         */
        public Untrusted(String message) {
            super(message, null);
        }

        /**
         * Creates a failure; the message says what arrived and what was expected, the cause how
         * that was learned.
         */
        public Untrusted(String message, @Nullable Throwable cause) {
            super(message, cause);
        }

        @Override
        public Untrusted withMessage(String message) {
            return new Untrusted(message, this);
        }
    }
}
