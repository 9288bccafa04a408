package org.netloop.command;

import java.nio.file.Path;

/** The virtual machine that runs this, for starting another one. */
final class VirtualMachine {
    private VirtualMachine() {}

    /** Its program. */
    static String program() {
        return ProcessHandle.current()
                .info()
                .command()
                .orElseGet(
                        () -> Path.of(System.getProperty("java.home"), "bin", "java").toString());
    }
}
