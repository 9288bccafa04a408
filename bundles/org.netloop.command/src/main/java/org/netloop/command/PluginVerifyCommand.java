package org.netloop.command;

import org.jspecify.annotations.Nullable;
import org.netloop.api.command.Command;

import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * {@code netloop plugin verify}: a process of its own does it, so that a plugin that ends or hangs
 * its process is found out, and the compatibility kit is no part of this one.
 */
@CommandLine.Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description =
                "Resolves and starts a plugin in a framework of its own, with the bundles of the"
                        + " deployment, and runs the compatibility suites of what it registers.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:nothing stands in the way of the plugin",
            "1:it could not be verified; the message says why",
            "2:the arguments were wrong",
            "3:the plugin is not to be used; what is printed says why"
        })
final class PluginVerifyCommand implements Callable<Integer> {
    private static final String MAIN = "org.netloop.verifier.Main";
    private static final int GOOD = 80;
    private static final int FAILED = 81;
    private static final int BAD = 83;

    @Parameters(paramLabel = "JAR", description = "The plugin")
    private Path jar = Path.of("");

    @Option(
            names = "--tests",
            paramLabel = "DIR",
            description =
                    "Classes of the plugin's own tests (target/test-classes), run on the started"
                            + " bundle too")
    private @Nullable Path tests;

    @Option(
            names = "--padded",
            paramLabel = "CODEC",
            split = ",",
            description = "A codec whose stored form may be followed by filling")
    private List<String> padded = new ArrayList<>();

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "300",
            description = "How long all of it may take (default ${DEFAULT-VALUE})")
    private long timeout;

    @Option(names = "--json", description = "Print the result as one JSON object")
    private boolean json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!Files.isRegularFile(jar)) {
            throw new IOException(jar + " is not there, or is no file");
        }
        if (tests != null && !Files.isDirectory(tests)) {
            throw new IOException(tests + " is no directory of test classes");
        }
        if (timeout < 1) {
            throw new IllegalArgumentException("a timeout of " + timeout + " s: 1 at the least");
        }
        Process verifier = new ProcessBuilder(command()).inheritIO().start();
        try {
            return exitCode(verifier.waitFor());
        } finally {
            verifier.destroyForcibly();
        }
    }

    private List<String> command() throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                VirtualMachine.program(),
                                "-Xmx512m",
                                "-XX:+UseSerialGC",
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"),
                                "-Dnetloop.home=" + PluginCommand.home(""),
                                "-Dnetloop.verifier.padded=" + String.join(",", padded),
                                "-cp",
                                PluginCommand.home("lib/*")
                                        + File.pathSeparator
                                        + PluginCommand.home("kit/*"),
                                MAIN,
                                jar.toAbsolutePath().normalize().toString(),
                                json ? "json" : "text",
                                String.valueOf(timeout)));
        if (tests != null) {
            command.add(tests.toAbsolutePath().normalize().toString());
        }
        return command;
    }

    private int exitCode(int verifier) {
        return switch (verifier) {
            case GOOD -> Command.OK;
            case BAD -> Command.DAMAGED;
            case FAILED -> Command.FAILED;
            default -> {
                System.err.println(
                        "netloop: "
                                + jar
                                + " was not verified to the end: its process ended with "
                                + verifier
                                + ", so the plugin ended or crashed it");
                yield Command.DAMAGED;
            }
        };
    }
}
