package org.netloop.launcher;

import org.netloop.api.message.Failures;
import org.netloop.launcher.log.LogFormat;
import org.netloop.launcher.log.ProcessLog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.FutureTask;

/** The entry point of the process. */
public final class Main {
    /** Composition that an assembled appliance has, of what was chosen for it. */
    private static final String DEFAULT = "default";

    private static final String EVERYTHING = "everything";
    private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");
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
     * Returns the features selected by {@code NETLOOP_FEATURES}, or those of the appliance, or all,
     * in the home given by the system property {@code netloop.home}.
     *
     * @throws LaunchException if there is no home, or it has not what is chosen
     */
    public static Deployment chosen() throws LaunchException {
        Path home = home();
        return Deployment.of(home, features(home));
    }

    /** Returns the directory of {@code features} and {@code bundles}. */
    static Path home() throws LaunchException {
        String home = System.getProperty("netloop.home");
        if (home == null) {
            throw new LaunchException(
                    "the system property netloop.home is not set; start by bin/netloop");
        }
        return Path.of(home).toAbsolutePath();
    }

    private static List<String> features(Path home) {
        String chosen = System.getenv("NETLOOP_FEATURES");
        if (chosen != null && !chosen.isBlank()) {
            return Arrays.stream(chosen.split(",")).map(String::strip).toList();
        }
        boolean assembled = Files.exists(home.resolve("features").resolve(DEFAULT + ".json"));
        return List.of(assembled ? DEFAULT : EVERYTHING);
    }

    /**
     * Sets the number of carrier threads, before there is a virtual thread: more than there are
     * processors, so that a plugin that spins does not stop everything else.
     */
    private static void setUpThreads() {
        int processors = Runtime.getRuntime().availableProcessors();
        System.setProperty(
                "jdk.virtualThreadScheduler.parallelism", String.valueOf(2 * processors + 2));
    }

    /**
     * Sets the log's level and form, before anything logs: a command is quiet, a service reports
     * what an operator wants to know.
     */
    private static void setUpLogging(String[] arguments) {
        ProcessLog.instance().setForm(LogFormat.choose(arguments, System.getenv(), STANDARD_ERROR));
        String asked = System.getenv("NETLOOP_LOG");
        String usual = Service.isStartedBy(arguments) ? "info" : "warn";
        ProcessLog.instance().setThreshold(asked == null || asked.isBlank() ? usual : asked);
        LogFormat.wrong(System.getenv())
                .ifPresent(ProcessLog.instance().getLogger(Main.class.getName())::warn);
    }
}
