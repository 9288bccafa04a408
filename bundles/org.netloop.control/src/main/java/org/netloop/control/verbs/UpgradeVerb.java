package org.netloop.control.verbs;

import org.netloop.api.control.ControlRequest;
import org.netloop.api.control.ControlVerb;
import org.netloop.api.frontend.Frontend;
import org.netloop.api.systemd.HandsOver;
import org.netloop.api.systemd.PassedDescriptors.Passed;
import org.netloop.api.systemd.PassedSockets;
import org.netloop.api.systemd.Readiness;
import org.netloop.api.systemd.Successor;
import org.netloop.control.changes.ChangeTurns;
import org.osgi.framework.BundleContext;
import org.osgi.util.tracker.ServiceTracker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * Answers {@code upgrade}: starts another installation beside this process, with its mounts and its
 * listening sockets, and ends this one once that has as many attachments. Until then both serve; if
 * the other does not come up, this process goes on alone.
 */
public final class UpgradeVerb implements ControlVerb {
    /** Name of the verb. */
    public static final String NAME = "upgrade";

    /** Argument: the directory of the installation. */
    public static final String HOME = "home";

    /** Argument: time for the other process to serve, in seconds. */
    public static final String WITHIN = "within";

    private static final Logger LOG = LoggerFactory.getLogger(UpgradeVerb.class);
    private static final Duration ANSWERED_WITHIN = Duration.ofMillis(100);
    private static final long LONGEST = 500;

    private final BundleContext context;
    private final List<String> arguments;
    private final Part socket;
    private final CountDownLatch end;
    private final ChangeTurns turns;

    /** Gives what the control socket hands over. */
    @FunctionalInterface
    public interface Part {
        /**
         * Returns the socket.
         *
         * @throws IOException if it is closed
         */
        Passed passOn() throws IOException;
    }

    /**
     * Makes that of a process.
     *
     * @param context of the framework with the parts that hand over
     * @param arguments of its command line, which the successor gets too
     * @param socket the control socket
     * @param end counted down when this process is to end
     * @param turns of changes, which wait for an upgrade
     */
    public UpgradeVerb(
            BundleContext context,
            List<String> arguments,
            Part socket,
            CountDownLatch end,
            ChangeTurns turns) {
        this.context = context;
        this.arguments = List.copyOf(arguments);
        this.socket = socket;
        this.end = end;
        this.turns = turns;
    }

    @Override
    public Duration limit() {
        return Duration.ofSeconds(LONGEST + 60);
    }

    @Override
    public Map<String, ?> answer(ControlRequest request) throws IOException, InterruptedException {
        Duration within = within(request.number(WITHIN));
        Path program = program(request.text(HOME));
        ServiceTracker<HandsOver, HandsOver> parts =
                new ServiceTracker<>(context, HandsOver.class, null);
        // Until this process is told to end: the successor has read what is kept.
        try (ChangeTurns.Turn _ = turns.upgrade()) {
            parts.open();
            return upgrade(program, within, parts.getTracked().values());
        } finally {
            parts.close();
        }
    }

    private static Duration within(long seconds) throws IOException {
        if (seconds < 1 || seconds > LONGEST) {
            throw new IOException(
                    "the time limit is "
                            + seconds
                            + " s: it has to be from 1 s to "
                            + LONGEST
                            + " s");
        }
        return Duration.ofSeconds(seconds);
    }

    private static Path program(String home) throws IOException {
        Path program = Path.of(home).resolve("bin").resolve("netloop");
        if (!program.isAbsolute() || !Files.isExecutable(program)) {
            throw new IOException(program + " is not a program: name a directory of Netloop");
        }
        return program;
    }

    private Map<String, ?> upgrade(Path program, Duration within, Collection<HandsOver> parts)
            throws IOException, InterruptedException {
        long count = requireAll(parts);
        List<Passed> passed = new ArrayList<>();
        for (HandsOver part : parts) {
            passed.addAll(part.handOver());
        }
        passed.add(socket.passOn());
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(arguments);
        Successor successor = Successor.start(command, passed);
        LOG.info("process {} of {} is to take over", successor.pid(), program);
        boolean serves = false;
        try {
            serves = successor.awaitReady(count, within);
        } finally {
            if (!serves) {
                successor.kill();
                parts.forEach(HandsOver::takeBack);
            }
        }
        if (!serves) {
            throw new IOException(
                    program
                            + " did not have all "
                            + count
                            + " attachments within "
                            + within.toSeconds()
                            + " s, and was ended; this process goes on. The log says more");
        }
        leave(parts, successor.pid());
        return Map.of("process", successor.pid(), "attachments", count);
    }

    /** Counts the attachments; all have to be of frontends that can hand them over. */
    private long requireAll(Collection<HandsOver> parts) throws IOException {
        long count = 0;
        ServiceTracker<Frontend, Frontend> frontends =
                new ServiceTracker<>(context, Frontend.class, null);
        frontends.open();
        Collection<Frontend> all = List.copyOf(frontends.getTracked().values());
        frontends.close();
        for (Frontend frontend : all) {
            int own = frontend.attachments().size();
            if (own > 0 && parts.stream().noneMatch(part -> part == frontend)) {
                throw new IOException(
                        "what is attached by the frontend "
                                + frontend.id()
                                + " cannot be handed over to another process");
            }
            count += own;
        }
        // A part that is no frontend any more still has what was attached by it.
        return count
                + parts.stream()
                        .filter(part -> part instanceof Frontend && !all.contains(part))
                        .mapToLong(part -> ((Frontend) part).attachments().size())
                        .sum();
    }

    private void leave(Collection<HandsOver> parts, int successor) {
        PassedSockets.ofThisProcess().handOver();
        Readiness.succeeded(successor).ifPresent(LOG::warn);
        parts.forEach(HandsOver::handedOver);
        LOG.info("process {} serves; this one ends", successor);
        Thread.ofVirtual()
                .start(
                        () -> {
                            try {
                                Thread.sleep(ANSWERED_WITHIN);
                            } catch (InterruptedException _) {
                                // It is to end at once.
                            }
                            end.countDown();
                        });
    }
}
