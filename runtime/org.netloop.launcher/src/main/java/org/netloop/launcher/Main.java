package org.netloop.launcher;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.FutureTask;

/** The entry point of the process. */
public final class Main {
    private static final String EVERYTHING = "everything";
    private static final int FAILED = 1;

    private Main() {}

    /** Runs one command line, and ends the process with its exit code. */
    public static void main(String[] arguments) {
        setUpLogging(arguments);
        setUpThreads();
        try {
            FutureTask<Deployment> chosen = new FutureTask<>(Main::chosen);
            // Read while the framework comes into being, which takes as long.
            Thread.ofPlatform().daemon().name("features").start(chosen);
            Storage storage = Storage.make();
            FrameworkHost host = new FrameworkHost(storage.directory());
            new Lifecycle(host, storage).run(chosen, arguments);
        } catch (IOException e) {
            System.err.println("netloop: " + e.getMessage());
            System.exit(FAILED);
        }
    }

    /**
     * What the environment chooses to run: the features of {@code NETLOOP_FEATURES}, in the home of
     * the system property {@code netloop.home}.
     *
     * @throws LaunchException if there is no home, or it has not what is chosen
     */
    public static Deployment chosen() throws LaunchException {
        return Deployment.of(home(), features());
    }

    private static Path home() throws LaunchException {
        String home = System.getProperty("netloop.home");
        if (home == null) {
            throw new LaunchException(
                    "the system property netloop.home is not set; start by bin/netloop");
        }
        return Path.of(home).toAbsolutePath();
    }

    private static List<String> features() {
        String chosen = System.getenv("NETLOOP_FEATURES");
        return chosen == null || chosen.isBlank()
                ? List.of(EVERYTHING)
                : Arrays.stream(chosen.split(",")).map(String::strip).toList();
    }

    /**
     * Before there is a virtual thread: more carry them than there are processors, so that a plugin
     * that spins in each place it is given does not stop everybody else.
     */
    private static void setUpThreads() {
        int processors = Runtime.getRuntime().availableProcessors();
        System.setProperty(
                "jdk.virtualThreadScheduler.parallelism", String.valueOf(2 * processors + 2));
    }

    /** Before anything logs: a command is quiet, a service tells what an operator wants to know. */
    private static void setUpLogging(String[] arguments) {
        String asked = System.getenv("NETLOOP_LOG");
        boolean service = arguments.length > 0 && arguments[0].equals("run");
        System.setProperty(
                "org.slf4j.simpleLogger.defaultLogLevel",
                asked == null ? service ? "info" : "warn" : asked);
        System.setProperty("org.slf4j.simpleLogger.showDateTime", "true");
        System.setProperty("org.slf4j.simpleLogger.dateTimeFormat", "yyyy-MM-dd'T'HH:mm:ss.SSSXXX");
        System.setProperty("org.slf4j.simpleLogger.showThreadName", "false");
        System.setProperty("org.slf4j.simpleLogger.showShortLogName", "true");
    }
}
