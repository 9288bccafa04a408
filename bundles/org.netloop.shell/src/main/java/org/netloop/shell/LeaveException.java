package org.netloop.shell;

/** The user leaves the shell. */
final class LeaveException extends Exception {
    private static final long serialVersionUID = 1L;
}
