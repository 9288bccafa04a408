package org.netloop.control.standby;

import org.netloop.api.systemd.HandsOver;
import org.netloop.api.systemd.PassedDescriptors.Passed;
import org.netloop.api.systemd.PassedSockets;
import org.netloop.api.systemd.Successor;
import org.osgi.framework.BundleContext;
import org.osgi.util.tracker.ServiceTracker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Processes of this installation that stand by for this one. Used by one thread at a time. */
public final class StandbyProcesses implements Standby.Processes {
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(5);

    /** One that needs longer to start stands by all the same, when it is there. */
    private static final Duration STARTS_WITHIN = Duration.ofDays(1);

    private final List<String> command;
    private final Shared socket;
    private final ServiceTracker<HandsOver, HandsOver> parts;

    /** Gives what the control socket shares. */
    @FunctionalInterface
    public interface Shared {
        /**
         * Returns the socket.
         *
         * @throws IOException if it is closed
         */
        Passed share() throws IOException;
    }

    /**
     * @param context of the framework with the parts that hand over
     * @param arguments of the command line of this process
     * @param socket the control socket
     */
    public StandbyProcesses(BundleContext context, List<String> arguments, Shared socket) {
        Path home = Path.of(System.getProperty("netloop.home", "")).toAbsolutePath();
        List<String> whole = new ArrayList<>();
        whole.add(home.resolve("bin").resolve("netloop").toString());
        whole.addAll(arguments);
        this.command = List.copyOf(whole);
        this.socket = socket;
        this.parts = new ServiceTracker<>(context, HandsOver.class, null);
        parts.open();
    }

    @Override
    public List<Passed> descriptors() throws IOException {
        List<Passed> all = new ArrayList<>();
        for (HandsOver part : parts.getTracked().values()) {
            all.addAll(part.standBy());
        }
        all.add(socket.share());
        return all;
    }

    @Override
    public String file(int descriptor) throws IOException {
        return Files.readSymbolicLink(Path.of("/proc/self/fd", String.valueOf(descriptor)))
                .toString();
    }

    @Override
    public Standby.One start(List<Passed> descriptors) throws IOException {
        return new Started(Successor.standBy(command, descriptors));
    }

    @Override
    public void forget() {
        PassedSockets.ofThisProcess().unshare();
    }

    @Override
    public void close() {
        parts.close();
    }

    private static final class Started implements Standby.One {
        private final Successor process;
        private final CompletableFuture<Boolean> standing = new CompletableFuture<>();

        private Started(Successor process) {
            this.process = process;
            Thread.ofPlatform().daemon().name("netloop-standby-ready").start(this::await);
        }

        private void await() {
            try {
                standing.complete(process.awaitReady(0, STARTS_WITHIN));
            } catch (InterruptedException _) {
                standing.complete(false);
            }
        }

        @Override
        public long pid() {
            return process.pid();
        }

        @Override
        public boolean isStanding() {
            return standing.getNow(false);
        }

        @Override
        public boolean isEnded() {
            return process.ended().isDone();
        }

        @Override
        public void end() {
            process.end(ENDS_WITHIN);
        }
    }
}
