package org.netloop.shell;

/** A command ended with an exit code that is not 0, and has said why. Ends the line it is in. */
final class CommandFailedException extends Exception {
    private static final long serialVersionUID = 1L;
    private final int exitCode;

    CommandFailedException(String command, int exitCode) {
        super(command + " ended with exit code " + exitCode);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }
}
