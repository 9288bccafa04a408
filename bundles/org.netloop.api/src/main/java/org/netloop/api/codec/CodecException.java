package org.netloop.api.codec;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/** Says that bytes could not be encoded or decoded, and why. */
public final class CodecException extends IOException {
    private static final long serialVersionUID = 1L;

    /** With what failed, and with numbers where there are some. */
    public CodecException(String message) {
        super(message);
    }

    /** With what failed and the library's own failure, if it threw one. */
    public CodecException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
