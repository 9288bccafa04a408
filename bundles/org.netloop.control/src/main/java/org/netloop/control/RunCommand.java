package org.netloop.control;

import org.jspecify.annotations.Nullable;
import org.netloop.api.command.Command;
import org.netloop.api.frontend.Frontend;
import org.netloop.control.bundles.BundleManager;
import org.netloop.control.bundles.PluginDirectory;
import org.netloop.control.config.LiveConfiguration;
import org.netloop.control.recording.Recordings;
import org.netloop.control.registry.Services;
import org.netloop.control.socket.ControlSocket;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ServiceScope;
import org.osgi.util.tracker.ServiceTracker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** {@code netloop run}. */
@Component(
        service = Command.class,
        scope = ServiceScope.PROTOTYPE,
        property = Command.NAME + "=run")
@CommandLine.Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description =
                "Runs the volumes and attachments configured in a directory, until it is stopped.")
public final class RunCommand implements Command {
    private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);
    private static final String ATTACHMENT = "org.netloop.attachment~";
    private static final String PLUGINS = "plugins";
    private static final long LOOK_EVERY_MS = 20;
    private static final Duration RECORDING_LEASE = Duration.ofSeconds(30);

    @Parameters(index = "0", paramLabel = "CONFIG-DIR", description = "A directory of *.json files")
    private Path directory = Path.of("");

    @Option(
            names = "--ready-within",
            paramLabel = "SECONDS",
            defaultValue = "20",
            description =
                    "Report readiness after so long even if attachments are missing (default"
                            + " ${DEFAULT-VALUE})")
    private int readyWithin;

    @Option(
            names = "--update-within",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description =
                    "How long a new bundle may take until its services are there (default"
                            + " ${DEFAULT-VALUE})")
    private int updateWithin;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description =
                    "Where it answers other commands (default: a directory for each CONFIG-DIR in"
                            + " $XDG_RUNTIME_DIR/netloop or /run/netloop)")
    private @Nullable Path state;

    private final ConfigurationAdmin admin;
    private final BundleContext context;

    /** By Declarative Services. */
    @Activate
    public RunCommand(@Reference ConfigurationAdmin admin, BundleContext context) {
        this.admin = admin;
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        Services services = new Services(context);
        Path socket = StateOption.socket(state, directory);
        BundleManager bundles =
                new BundleManager(context, storage(), Duration.ofSeconds(updateWithin));
        Path directoryOfPlugins = directory.toAbsolutePath().resolve(PLUGINS);
        try (PluginDirectory plugins = new PluginDirectory(directoryOfPlugins, bundles)) {
            // Before anything is configured: a volume is opened by what is there then.
            boolean complete = awaitPlugins(plugins);
            try (LiveConfiguration configuration =
                            new LiveConfiguration(directory, admin, context, !complete);
                    Recordings recordings = new Recordings(context, RECORDING_LEASE);
                    ControlSocket _ =
                            new ControlSocket(
                                    socket,
                                    new Deployment(
                                            configuration,
                                            bundles,
                                            plugins,
                                            services,
                                            recordings))) {
                plugins.onChange(configuration::lookAgain);
                run(configuration);
            }
        } catch (InterruptedException _) {
            // Being told to stop is how this ends well.
            Thread.currentThread().interrupt();
        }
        return OK;
    }

    /** Whether all of them are installed. */
    private boolean awaitPlugins(PluginDirectory plugins) throws InterruptedException {
        boolean settled = plugins.awaitFirst(Duration.ofSeconds(readyWithin));
        if (!settled) {
            LOG.warn(
                    "plugins are not all there after {} s; volumes are opened without them",
                    readyWithin);
        }
        return settled && plugins.refusals().isEmpty();
    }

    private void run(LiveConfiguration configuration) throws InterruptedException {
        long wanted =
                configuration.entries().stream()
                        .filter(entry -> entry.pid().startsWith(ATTACHMENT))
                        .count();
        awaitAttachments(wanted);
        Readiness.tell();
        new CountDownLatch(1).await();
    }

    /** What the framework keeps for this bundle, which nobody else may look into. */
    private Path storage() {
        return context.getDataFile("").toPath();
    }

    private void awaitAttachments(long wanted) throws InterruptedException {
        ServiceTracker<Frontend, Frontend> frontends =
                new ServiceTracker<>(context, Frontend.class, null);
        frontends.open();
        try {
            long end = System.nanoTime() + Duration.ofSeconds(readyWithin).toNanos();
            while (count(frontends) < wanted && System.nanoTime() - end < 0) {
                Thread.sleep(LOOK_EVERY_MS);
            }
            LOG.info("{} of {} attachments are there", count(frontends), wanted);
        } finally {
            frontends.close();
        }
    }

    private static long count(ServiceTracker<Frontend, Frontend> frontends) {
        return frontends.getTracked().values().stream()
                .mapToLong(frontend -> frontend.attachments().size())
                .sum();
    }
}
