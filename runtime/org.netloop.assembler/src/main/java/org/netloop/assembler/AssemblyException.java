package org.netloop.assembler;

import org.jspecify.annotations.Nullable;

/** Says why an appliance cannot be assembled, and what to add or change. */
public final class AssemblyException extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * Creates one.
     *
     * @param message a sentence for the user
     */
    public AssemblyException(String message) {
        super(message);
    }

    /**
     * Creates one with its cause.
     *
     * @param message a sentence for the user
     */
    public AssemblyException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
