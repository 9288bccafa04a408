package org.netloop.command;

import java.io.Console;

/** Reader of standard output: a person or a program. */
final class Terminal {
    private Terminal() {}

    /** Returns whether a person at a terminal reads the output. */
    static boolean isThere() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }
}
