package org.netloop.launcher;

import sun.misc.Signal;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;

/**
 * Ends the process well, whoever ends it: the command when it is done, or a signal. A signal
 * interrupts the command, which ends by itself; then all bundles stop, which detaches what is
 * attached.
 */
final class Lifecycle {
    private static final long COMMAND_ENDS_WITHIN_MS = 10_000;
    private static final long BUNDLES_STOP_WITHIN_MS = 15_000;
    private static final int INTERRUPTED = 130;

    private final FrameworkHost host;
    private final Storage storage;
    private final Thread main = Thread.currentThread();
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile int exitCode = INTERRUPTED;

    /** Made on the main thread, before the framework starts. */
    Lifecycle(FrameworkHost host, Storage storage) {
        this.host = host;
        this.storage = storage;
        Signal.handle(new Signal("TERM"), _ -> stopCommand());
        Signal.handle(new Signal("INT"), _ -> stopCommand());
        Signal.handle(new Signal("HUP"), _ -> stopCommand());
    }

    /** Signal handlers have a thread of their own each. */
    private void stopCommand() {
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

    /** Runs the command line and ends the process; does not return. */
    void run(ToIntFunction<String[]> command, String[] arguments) {
        try {
            exitCode = command.applyAsInt(arguments);
        } finally {
            done.countDown();
            end();
        }
    }

    private void end() {
        System.out.flush();
        // A pending interrupt has done its work; stopping needs to wait.
        Thread.interrupted();
        try {
            if (!host.stop(BUNDLES_STOP_WITHIN_MS)) {
                System.err.println("netloop: these bundles do not stop: " + host.stillActive());
            }
        } catch (InterruptedException | IllegalStateException e) {
            System.err.println("netloop: stopping failed: " + e);
        }
        storage.delete();
        Runtime.getRuntime().halt(exitCode);
    }
}
