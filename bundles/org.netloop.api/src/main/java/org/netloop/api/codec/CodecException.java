package org.netloop.api.codec;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/** Says that bytes could not be encoded or decoded, and why. */
public final class CodecException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Creates a failure; the message says what failed, with numbers where there are some. */
    public CodecException(String message) {
        super(message);
    }

    /** Creates a failure with the library's own failure as its cause, if there is one. */
    public CodecException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
