package org.netloop.command;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The virtual machine that runs this, for starting another one. */
final class VirtualMachine {
    private VirtualMachine() {}

    /** Returns the path of the JVM's executable. */
    static String program() {
        return ProcessHandle.current()
                .info()
                .command()
                .orElseGet(
                        () -> Path.of(System.getProperty("java.home"), "bin", "java").toString());
    }

    /**
     * Returns the begin of a command that runs a program of the runtime in a process of its own:
     * all but the program's arguments.
     *
     * @param heap its most memory, as {@code 512m}
     * @param libraries the directory of the runtime that holds the program's jars, beside {@code
     *     lib}
     * @param main its main class
     * @param properties of its virtual machine, as {@code -DNAME=VALUE}
     */
    static List<String> command(String heap, String libraries, String main, String... properties)
            throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                program(),
                                "-Xmx" + heap,
                                "-XX:+UseSerialGC",
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir")));
        command.addAll(List.of(properties));
        command.add("-cp");
        command.add(
                PluginCommand.home("lib/*")
                        + File.pathSeparator
                        + PluginCommand.home(libraries + "/*"));
        command.add(main);
        return command;
    }
}
