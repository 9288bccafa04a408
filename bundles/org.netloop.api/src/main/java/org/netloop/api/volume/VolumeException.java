package org.netloop.api.volume;

import org.jspecify.annotations.Nullable;
import org.netloop.api.message.Secrets;

import java.io.IOException;

/**
 * Says why an operation on a volume failed. The type says what a frontend tells its client; the
 * message names the volume, the place in it, the reason, and what to do; secrets are taken out of
 * it.
 */
public abstract sealed class VolumeException extends IOException {
    private static final long serialVersionUID = 1L;

    private VolumeException(String message, @Nullable Throwable cause) {
        super(Secrets.hide(message), cause);
    }

    /**
     * A block could not be read or written: the message names the mirrors that were tried, and what
     * each said. A client gets an I/O error.
     */
    public static final class Io extends VolumeException {
        private static final long serialVersionUID = 1L;

        /** Creates a failure; the message names volume, block, mirrors, reasons and what to do. */
        public Io(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** The volume takes no writes. */
    public static final class ReadOnly extends VolumeException {
        private static final long serialVersionUID = 1L;

        /** Creates a failure; the message names the volume. */
        public ReadOnly(String message) {
            super(message, null);
        }
    }

    /** There is no room for what would be written; what was written before is as it was. */
    public static final class NoSpace extends VolumeException {
        private static final long serialVersionUID = 1L;

        /** Creates a failure; the message names the volume, and the budget or disk that is full. */
        public NoSpace(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
