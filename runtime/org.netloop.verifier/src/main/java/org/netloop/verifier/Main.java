package org.netloop.verifier;

import com.fasterxml.jackson.jr.ob.JSON;

import org.netloop.api.message.Failures;
import org.netloop.api.plugin.PluginFile;
import org.netloop.launcher.Deployment;
import org.netloop.launcher.FrameworkHost;
import org.netloop.launcher.LaunchException;
import org.netloop.launcher.Storage;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The entry point of the process that verifies a plugin. What a plugin does to the process (ends
 * it, keeps threads, never returns) it does to this one only.
 *
 * <p>Usage: {@code Main JAR text|json SECONDS [TEST-CLASSES]}. Its exit codes are none that a
 * plugin would end a process with by chance: 80 nothing stands in the way of the plugin; 81 it
 * could not be verified, the message says why; 83 it is not to be used, the report says why.
 */
public final class Main {
    private static final int GOOD = 80;
    private static final int FAILED = 81;
    private static final int BAD = 83;
    private static final long STOPS_WITHIN_MS = 10_000;

    private final PrintStream out;
    private final boolean json;
    private final Report report = new Report();

    private Main(PrintStream out, boolean json) {
        this.out = out;
        this.json = json;
    }

    /** Verifies one plugin, and ends the process with one of the exit codes. */
    @SuppressWarnings("CatchAndPrintStackTrace")
    public static void main(String[] arguments) {
        PrintStream out = System.out;
        // The result is all that is on standard output, whatever a plugin prints.
        System.setOut(System.err);
        Main main = new Main(out, arguments[1].equals("json"));
        main.watch(Duration.ofSeconds(Long.parseLong(arguments[2])));
        try {
            main.verify(
                    Path.of(arguments[0]),
                    arguments.length > 3 ? Optional.of(Path.of(arguments[3])) : Optional.empty());
            main.end();
        } catch (LaunchException | IOException e) {
            System.err.println("netloop: " + Failures.sentence(e));
        } catch (InterruptedException _) {
            System.err.println("netloop: interrupted");
        } catch (RuntimeException | Error e) {
            // A defect of ours. Nobody above would get to print it.
            e.printStackTrace();
        }
        Runtime.getRuntime().halt(FAILED);
    }

    private void verify(Path jar, Optional<Path> tests)
            throws LaunchException, IOException, InterruptedException {
        Plugin plugin = Plugin.read(jar);
        if (!plugin.isBundle()) {
            PluginFile.read(jar).problems().forEach(report::problem);
            return;
        }
        Deployment deployment = org.netloop.launcher.Main.chosen();
        Storage storage = Storage.make();
        try {
            FrameworkHost host = new FrameworkHost(storage.framework());
            new Verification(plugin, tests, report).run(host, deployment);
            report.stage("stopping it");
            if (!host.stop(STOPS_WITHIN_MS)) {
                report.problem("it does not stop within " + STOPS_WITHIN_MS + " ms");
            }
        } finally {
            storage.delete();
        }
    }

    /** A plugin that hangs is a result too. */
    private void watch(Duration limit) {
        Thread.ofPlatform()
                .daemon()
                .name("watchdog")
                .start(
                        () -> {
                            try {
                                Thread.sleep(limit);
                            } catch (InterruptedException _) {
                                return;
                            }
                            report.problem(
                                    "it was not done within "
                                            + limit.toSeconds()
                                            + " s, while "
                                            + report.stage());
                            end();
                        });
    }

    private synchronized void end() {
        try {
            out.print(json ? JSON.std.asString(report.members()) + "\n" : report.text());
            out.flush();
            Runtime.getRuntime().halt(report.isGood() ? GOOD : BAD);
        } catch (IOException e) {
            System.err.println("netloop: the report cannot be written: " + Failures.sentence(e));
            Runtime.getRuntime().halt(FAILED);
        }
    }
}
