package org.netloop.command;

import org.jspecify.annotations.Nullable;
import org.netloop.api.control.ControlClient;
import org.netloop.api.control.Deployment;
import org.netloop.api.message.Failures;
import org.netloop.api.volume.Overlays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;

/** Options that select a state of an overlay that nobody changes any more. */
final class SnapshotOptions {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotOptions.class);

    @Parameters(
            index = "0",
            paramLabel = "OVERLAY",
            description =
                    "The directory of an overlay; with --live, the name of an overlay of a running"
                            + " deployment")
    private String overlay = "";

    @Option(
            names = "--live",
            description = "The overlay is in use by a running deployment, which goes on")
    private boolean live;

    @Option(
            names = "--config",
            paramLabel = "CONFIG-DIR",
            description =
                    "With --live: the deployment, by its configuration directory; optional if only"
                            + " one is running")
    private @Nullable Path configuration;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description = "With --live: the deployment, by the directory of its control socket")
    private @Nullable Path state;

    @Option(
            names = "--snapshot",
            paramLabel = "NAME",
            description = "Use this snapshot (default: one is taken now, and discarded in the end)")
    private @Nullable String snapshot;

    /**
     * A snapshot to be read.
     *
     * @param directory where its overlay lies
     * @param name its name
     * @param end discards it, if it was made for this
     */
    record Taken(Path directory, String name, Ending end) implements AutoCloseable {
        /** The image is published by then, or it failed for another reason. */
        @Override
        public void close() {
            try {
                end.run();
            } catch (IOException e) {
                LOG.warn(
                        "snapshot {} of the overlay {} stays, and keeps its room: {}",
                        name,
                        directory,
                        Failures.sentence(e));
            }
        }
    }

    /** Gives up what was taken. */
    @FunctionalInterface
    interface Ending {
        void run() throws IOException;
    }

    /**
     * Takes a snapshot, or the one that was named.
     *
     * @param client asks running deployments; null if nothing is installed that does
     */
    Taken take(Overlays overlays, @Nullable ControlClient client) throws IOException {
        if (live) {
            return takeLive(client);
        }
        if (!deployment().isAny()) {
            throw new IllegalArgumentException("--config and --state need --live");
        }
        Path directory = Path.of(overlay);
        if (snapshot != null) {
            return new Taken(directory, snapshot, () -> {});
        }
        if (overlays.about(directory).inUse()) {
            throw new IOException(
                    "the overlay "
                            + directory
                            + " is in use; if that is by a deployment, name the overlay of that with"
                            + " --live, else name a snapshot of it with --snapshot, or stop that"
                            + " first");
        }
        String name = fresh();
        overlays.takeSnapshot(directory, name);
        return new Taken(directory, name, () -> overlays.discardSnapshot(directory, name));
    }

    private Deployment deployment() {
        return new Deployment(state, configuration);
    }

    private Taken takeLive(@Nullable ControlClient client) throws IOException {
        if (client == null) {
            throw new IOException(
                    "nothing is installed that asks a deployment; install the feature control");
        }
        if (snapshot != null) {
            throw new IllegalArgumentException(
                    "--live takes a snapshot: for one that is there, name its directory instead");
        }
        String name = fresh();
        Map<String, ?> argument = Map.of("snapshot", name);
        Ending discard = () -> client.ask(deployment(), "overlay.discard." + overlay, argument);
        Map<String, Object> answer;
        try {
            answer = client.ask(deployment(), "overlay.snapshot." + overlay, argument);
        } catch (IOException e) {
            discardIfTaken(discard, e);
            throw e;
        }
        String directory = String.valueOf(answer.get("directory"));
        Taken taken = new Taken(Path.of(directory), name, discard);
        if (directory.equals(Overlays.MEMORY)) {
            taken.close();
            throw new IOException(
                    "overlay "
                            + overlay
                            + " is in the memory of the deployment, where no other process can read"
                            + " it: only overlays on disk can be published");
        }
        return taken;
    }

    /** Leaves no snapshot behind whose answer was late or lost; mostly there is none. */
    private static void discardIfTaken(Ending discard, IOException why) {
        try {
            discard.run();
        } catch (IOException e) {
            LOG.debug("no snapshot is discarded: {}", Failures.sentence(e));
            why.addSuppressed(e);
        }
    }

    private static String fresh() {
        return "commit-" + UUID.randomUUID();
    }
}
