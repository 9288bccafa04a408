package org.netloop.launcher;

import org.netloop.api.message.Failures;
import org.netloop.launcher.log.ProcessLog;

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
        StandardOutput.withhold();
        setUpLogging(arguments);
        setUpThreads();
        FutureTask<Deployment> chosen = new FutureTask<>(Main::chosen);
        // Read while the framework comes into being, which takes as long.
        Thread.ofPlatform().daemon().name("features").start(chosen);
        Storage storage = storage();
        Storage state =
                Service.isStartedBy(arguments) ? Service.state(arguments, storage) : storage;
        FrameworkHost host = new FrameworkHost(state.framework());
        new Lifecycle(host, storage, state).run(chosen, arguments);
    }

    private static Storage storage() {
        try {
            return Storage.make();
        } catch (IOException e) {
            System.err.println(
                    "netloop: there is no directory for temporary files: "
                            + Failures.sentence(e)
                            + "; set TMPDIR to one with room that this user may write");
            Runtime.getRuntime().halt(FAILED);
            throw new IllegalStateException(e);
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
        String usual = Service.isStartedBy(arguments) ? "info" : "warn";
        ProcessLog.instance().setThreshold(asked == null || asked.isBlank() ? usual : asked);
    }
}
