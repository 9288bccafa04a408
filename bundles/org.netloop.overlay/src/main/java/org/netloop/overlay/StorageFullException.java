package org.netloop.overlay;

import java.io.IOException;

/** There is no room for what would be written; the message names the disk or the budget. */
final class StorageFullException extends IOException {
    private static final long serialVersionUID = 1L;

    StorageFullException(String message, Throwable cause) {
        super(message, cause);
    }

    StorageFullException(String message) {
        super(message);
    }
}
