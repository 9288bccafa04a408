package org.netloop.command;

import org.jspecify.annotations.Nullable;
import org.netloop.api.command.Command;

import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
                "Starts a plugin in a separate framework with the deployment's"
                        + " bundles, and runs the compatibility suites on its services.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the plugin can be used",
            "1:it could not be verified; the message says why",
            "2:invalid arguments",
            "3:the plugin must not be used; the report says why"
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
                    "Also run the plugin's own tests from this directory"
                            + " (target/test-classes)")
    private @Nullable Path tests;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "300",
            description = "Time limit (default ${DEFAULT-VALUE})")
    private long timeout;

    @Option(names = "--json", description = "Print the result as one JSON object")
    private boolean json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!Files.isRegularFile(jar)) {
            throw new IOException(jar + " does not exist, or is not a file");
        }
        if (tests != null && !Files.isDirectory(tests)) {
            throw new IOException(tests + " is not a directory of test classes");
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
                VirtualMachine.command(
                        "512m", "kit", MAIN, "-Dnetloop.home=" + PluginCommand.home(""));
        command.add(jar.toAbsolutePath().normalize().toString());
        command.add(json ? "json" : "text");
        command.add(String.valueOf(timeout));
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
