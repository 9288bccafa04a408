package org.netloop.launcher;

import org.netloop.api.message.Failures;
import org.netloop.launcher.log.ProcessLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import sun.misc.Signal;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;

/**
 * Runs one command line and ends the process well, whoever ends it: the command when it is done, or
 * a signal. A signal interrupts the command, which ends by itself; then all bundles stop, which
 * detaches what is attached.
 *
 * <p>The exit code is the command's. A command that a signal kept from ending well gives 128 and
 * the signal's number, as in a shell: 130 for SIGINT, 143 for SIGTERM.
 */
final class Lifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(Lifecycle.class);
    private static final long COMMAND_ENDS_WITHIN_MS = 10_000;
    private static final long BUNDLES_STOP_WITHIN_MS = 15_000;
    private static final int FAILED = 1;
    private static final int SIGNALLED = 128;

    private final FrameworkHost host;
    private final Storage storage;
    private final Storage state;
    private final Thread main = Thread.currentThread();
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile int exitCode = FAILED;
    private volatile int signal;

    /** Made on the main thread, before the framework starts. */
    Lifecycle(FrameworkHost host, Storage storage, Storage state) {
        this.host = host;
        this.storage = storage;
        this.state = state;
        Signal.handle(new Signal("TERM"), this::stopCommand);
        Signal.handle(new Signal("INT"), this::stopCommand);
        Signal.handle(new Signal("HUP"), this::stopCommand);
    }

    /** Signal handlers have a thread of their own each. */
    private void stopCommand(Signal received) {
        signal = received.getNumber();
        main.interrupt();
        try {
            if (!done.await(COMMAND_ENDS_WITHIN_MS, TimeUnit.MILLISECONDS)) {
                System.err.println(
                        "netloop: the command does not end; bundles are stopped under it");
                end();
            }
        } catch (InterruptedException _) {
            end();
        }
    }

    /**
     * Starts the framework, runs the command line and ends the process; does not return.
     *
     * @param chosen what runs in the framework; may still be under way
     */
    void run(Future<Deployment> chosen, String[] arguments) {
        try {
            host.init();
            host.start(result(chosen));
            FeatureCatalog.register(host.context(), Main.home());
            ToIntFunction<String[]> main = host.main();
            StandardOutput.release();
            exitCode = main.applyAsInt(arguments);
        } catch (InterruptedException _) {
            System.err.println("netloop: stopped while starting");
        } catch (LaunchException | RuntimeException | Error e) {
            System.err.println("netloop: " + Failures.sentence(e));
            // A defect of ours or of a bundle: its stack trace is for who debugs.
            LOG.debug("the command failed", e);
        } finally {
            StandardOutput.withhold();
            done.countDown();
            end();
        }
    }

    private static Deployment result(Future<Deployment> chosen)
            throws LaunchException, InterruptedException {
        try {
            return chosen.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case LaunchException failure -> throw failure;
                case null, default -> throw new IllegalStateException(e.getCause());
            }
        }
    }

    private void end() {
        // A pending interrupt has done its work; stopping needs to wait.
        Thread.interrupted();
        try {
            if (!host.stop(BUNDLES_STOP_WITHIN_MS)) {
                System.err.println("netloop: these bundles do not stop: " + host.stopping());
            }
        } catch (InterruptedException | IllegalStateException e) {
            System.err.println("netloop: stopping failed: " + Failures.sentence(e));
        }
        ProcessLog.instance().finish();
        state.delete();
        if (state != storage) {
            storage.delete();
        }
        Runtime.getRuntime().halt(signal == 0 || exitCode == 0 ? exitCode : SIGNALLED + signal);
    }
}
