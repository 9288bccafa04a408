package org.netloop.api.volume;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/**
 * Says which block of which volume could not be read, which mirrors were tried, and what each said.
 */
public final class ReadException extends IOException {
    private static final long serialVersionUID = 1L;

    /** With block, volume, mirrors, reasons and what to do. */
    public ReadException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
