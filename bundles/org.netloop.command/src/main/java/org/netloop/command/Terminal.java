package org.netloop.command;

import java.io.Console;

/** Who reads standard output. */
final class Terminal {
    private Terminal() {}

    /** Whether it is a person at a terminal. */
    static boolean isThere() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }
}
