package org.netloop.control;

import org.jspecify.annotations.Nullable;
import org.netloop.api.command.Command;
import org.netloop.api.control.ControlVerb;
import org.netloop.api.health.Health;
import org.netloop.api.health.HealthCheck;
import org.netloop.api.systemd.Former;
import org.netloop.api.systemd.PassedSockets;
import org.netloop.api.systemd.Readiness;
import org.netloop.control.bundles.BundleManager;
import org.netloop.control.bundles.PluginDirectory;
import org.netloop.control.changes.ChangeStore;
import org.netloop.control.changes.ChangeTurns;
import org.netloop.control.changes.ConfigHistory;
import org.netloop.control.changes.KeepDirectory;
import org.netloop.control.changes.LastingBundles;
import org.netloop.control.config.LiveConfiguration;
import org.netloop.control.config.Rehearsal;
import org.netloop.control.features.FeatureManager;
import org.netloop.control.health.FilesCheck;
import org.netloop.control.health.Heartbeat;
import org.netloop.control.map.MapVerb;
import org.netloop.control.recording.Recordings;
import org.netloop.control.registry.Services;
import org.netloop.control.socket.ControlSocket;
import org.netloop.control.standby.Preparation;
import org.netloop.control.standby.Standby;
import org.netloop.control.standby.StandbyProcesses;
import org.netloop.control.trace.TraceVerb;
import org.netloop.control.verbs.AloneVerb;
import org.netloop.control.verbs.BundleVerb;
import org.netloop.control.verbs.FeatureVerb;
import org.netloop.control.verbs.HealthVerb;
import org.netloop.control.verbs.HistoryVerb;
import org.netloop.control.verbs.RecordingVerb;
import org.netloop.control.verbs.StatusVerb;
import org.netloop.control.verbs.UpgradeVerb;
import org.netloop.control.verbs.Verbs;
import org.netloop.control.verbs.VolumeVerb;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ServiceScope;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/** {@code netloop run}. */
@Component(
        service = Command.class,
        scope = ServiceScope.PROTOTYPE,
        property = Command.NAME + "=run")
@CommandLine.Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = "Runs the volumes and attachments configured in a directory, until stopped.")
public final class RunCommand implements Command {
    private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);
    private static final String ATTACHMENT = "org.netloop.attachment~";
    private static final String PLUGINS = "plugins";
    private static final Duration RECORDING_LEASE = Duration.ofSeconds(30);

    @Parameters(index = "0", paramLabel = "CONFIG-DIR", description = "A directory of *.json files")
    private Path directory = Path.of("");

    @Option(
            names = "--ready-within",
            paramLabel = "SECONDS",
            defaultValue = "20",
            description =
                    "Report readiness after this time even if attachments are missing"
                            + " (default ${DEFAULT-VALUE})")
    private int readyWithin;

    @Option(
            names = "--update-within",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description =
                    "Time limit for a new bundle to register its services (default"
                            + " ${DEFAULT-VALUE})")
    private int updateWithin;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description =
                    "The directory of the control socket (default: one per CONFIG-DIR in"
                            + " $XDG_RUNTIME_DIR/netloop or /run/netloop)")
    private @Nullable Path state;

    @Option(
            names = "--keep",
            paramLabel = "DIR",
            description =
                    "The directory that keeps what is changed at run time over a restart: bundles,"
                            + " features, and the last configurations (default:"
                            + " $STATE_DIRECTORY/deployment, as systemd sets it, else"
                            + " deployment in the directory of --state, if given)")
    private @Nullable Path keep;

    @Option(
            names = "--no-keep",
            description =
                    "Run what features, plugins and files say; keep nothing, and ignore what was"
                            + " kept")
    private boolean keepNothing;

    @Option(
            names = "--standby",
            description =
                    "Keep a second process ready that goes on at once when this one is killed; it"
                            + " takes memory of its own. Not under a service manager, which"
                            + " starts the next process itself")
    private boolean standby;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    /** Form of the log that was asked for; null if none was. */
    private @Nullable String logFormat;

    private final ConfigurationAdmin admin;
    private final BundleContext context;
    private final Health health;
    private final ChangeTurns turns = ChangeTurns.ofThisProcess();

    /** Counted down when a successor serves; a signal interrupts instead. */
    private final CountDownLatch end = new CountDownLatch(1);

    /** Created by Declarative Services. */
    @Activate
    public RunCommand(
            @Reference ConfigurationAdmin admin, @Reference Health health, BundleContext context) {
        this.admin = admin;
        this.health = health;
        this.context = context;
    }

    /** Refuses what the launcher, which has set the form before the framework started, ignored. */
    @Option(
            names = "--log-format",
            paramLabel = "FORM",
            description =
                    "plain, journal (with the priorities of sd-daemon), or json: one object a line"
                            + " (default: $NETLOOP_LOG_FORMAT, else journal if standard error goes"
                            + " there, else plain)")
    void logFormat(String asked) {
        if (!List.of("plain", "journal", "json").contains(asked.toLowerCase(Locale.ROOT))) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(),
                    "'" + asked + "' is not a form of the log: use plain, journal or json");
        }
        logFormat = asked;
    }

    @Override
    public Integer call() throws IOException {
        if (!Succession.standBy(this::prepare)) {
            return OK;
        }
        Optional<Path> chosen = KeepDirectory.choose(keep, state, System.getenv());
        if (keepNothing || chosen.isEmpty()) {
            deploy(null);
            return OK;
        }
        CompletableFuture<Void> former = Former.ofThisProcess().map(Former::gone).orElse(null);
        try (KeepDirectory kept = KeepDirectory.open(chosen.get(), former)) {
            deploy(kept.path());
        }
        return OK;
    }

    private void prepare() {
        Rehearsal.read(directory, context);
        Preparation.make(context);
    }

    private void deploy(@Nullable Path kept) throws IOException {
        Path socket = StateOption.socket(state, directory);
        ChangeStore changes = kept == null ? null : new ChangeStore(kept);
        ConfigHistory history = kept == null ? null : new ConfigHistory(kept, Clock.systemUTC());
        if (history != null) {
            history.complete(directory);
        }
        BundleManager bundles =
                new BundleManager(context, storage(), Duration.ofSeconds(updateWithin));
        LastingBundles lasting = new LastingBundles(bundles, changes, Clock.systemUTC());
        FeatureManager features = new FeatureManager(context, admin, bundles, lasting);
        try (PluginDirectory plugins = beginPlugins(features, bundles)) {
            // Before anything is configured: a volume is opened by what is there then.
            boolean complete = awaitPlugins(plugins);
            lasting.restore();
            try (LiveConfiguration configuration =
                            new LiveConfiguration(directory, admin, context, history, !complete);
                    Recordings recordings = new Recordings(context, RECORDING_LEASE);
                    Verbs verbs = new Verbs(context, turns)) {
                features.configured(configuration);
                register(verbs, configuration, plugins);
                verbs.register(new FeatureVerb(features), FeatureVerb.NAMES);
                verbs.register(
                        new BundleVerb(bundles, lasting, plugins, new Services(context)),
                        BundleVerb.NAMES);
                verbs.register(new RecordingVerb(recordings), RecordingVerb.NAMES);
                plugins.onChange(configuration::lookAgain);
                ServiceRegistration<?> files =
                        context.registerService(
                                HealthCheck.class,
                                new FilesCheck(
                                        configuration::refusal, plugins::refusals, lasting::aside),
                                FrameworkUtil.asDictionary(Map.of(HealthCheck.NAME, "files")));
                try (ControlSocket control = new ControlSocket(socket, verbs);
                        Standby second = standby(control)) {
                    verbs.register(upgrade(control, second), List.of(UpgradeVerb.NAME));
                    run(configuration, second);
                } finally {
                    files.unregister();
                }
            }
        } catch (InterruptedException _) {
            // Being told to stop is how this ends well.
            Thread.currentThread().interrupt();
        }
    }

    private ControlVerb upgrade(ControlSocket control, @Nullable Standby second) {
        UpgradeVerb verb = new UpgradeVerb(context, arguments(), control::passOn, end, turns);
        return second == null ? verb : new AloneVerb(verb, second);
    }

    /** Returns null if there is to be none. */
    private @Nullable Standby standby(ControlSocket control) {
        if (standby && Readiness.isAsked()) {
            LOG.warn("no process stands by: the service manager starts the next one");
        }
        return standby && !Readiness.isAsked()
                ? new Standby(
                        new StandbyProcesses(context, arguments(), control::share),
                        System::nanoTime)
                : null;
    }

    private PluginDirectory beginPlugins(FeatureManager features, BundleManager bundles)
            throws InterruptedException {
        // Before the plugins: one may need a kept feature, or take the place of what one removes.
        features.restore();
        return new PluginDirectory(directory.toAbsolutePath().resolve(PLUGINS), bundles);
    }

    private void register(Verbs verbs, LiveConfiguration configuration, PluginDirectory plugins) {
        verbs.register(
                new StatusVerb(configuration, plugins, new Services(context)), List.of("status"));
        verbs.register(new HealthVerb(health), List.of("health"));
        verbs.register(new VolumeVerb(configuration), VolumeVerb.NAMES);
        verbs.register(new HistoryVerb(configuration), HistoryVerb.NAMES);
        verbs.register(new TraceVerb(configuration::volume), TraceVerb.NAMES);
        verbs.register(new MapVerb(context), MapVerb.NAMES);
    }

    /** Returns the command line of a process that does the same. */
    List<String> arguments() {
        List<String> all = new ArrayList<>(List.of("run"));
        if (state != null) {
            all.addAll(List.of("--state", state.toAbsolutePath().toString()));
        }
        if (keep != null) {
            all.addAll(List.of("--keep", keep.toAbsolutePath().toString()));
        }
        if (keepNothing) {
            all.add("--no-keep");
        }
        if (standby) {
            all.add("--standby");
        }
        if (logFormat != null) {
            all.addAll(List.of("--log-format", logFormat));
        }
        all.addAll(List.of("--ready-within", String.valueOf(readyWithin)));
        all.addAll(List.of("--update-within", String.valueOf(updateWithin)));
        all.add(directory.toAbsolutePath().toString());
        return all;
    }

    /** Returns whether all plugins are installed. */
    private boolean awaitPlugins(PluginDirectory plugins) throws InterruptedException {
        boolean settled = plugins.awaitFirst(Duration.ofSeconds(readyWithin));
        if (!settled) {
            LOG.warn(
                    "plugins are not all there after {} s; volumes are opened without them",
                    readyWithin);
        }
        return settled && plugins.refusals().isEmpty();
    }

    private void run(LiveConfiguration configuration, @Nullable Standby second)
            throws InterruptedException {
        long wanted =
                configuration.entries().stream()
                        .filter(entry -> entry.pid().startsWith(ATTACHMENT))
                        .count();
        long count = Attachments.await(context, wanted, Duration.ofSeconds(readyWithin));
        PassedSockets.ofThisProcess()
                .unused()
                .forEach(
                        address ->
                                LOG.warn(
                                        "nothing serves the socket at {} that was passed to this"
                                                + " process: is it the place of an attachment?",
                                        address));
        Succession.serves(count);
        Readiness.tell().ifPresent(LOG::warn);
        Optional<Heartbeat> heartbeat = Heartbeat.begin(health);
        if (second != null) {
            // A former process may still go on: what stood by for this one would serve beside it.
            Optional<CompletableFuture<Void>> gone = Former.ofThisProcess().map(Former::gone);
            gone.orElse(CompletableFuture.completedFuture(null))
                    .thenRun(() -> second.begin(context, count >= wanted));
        }
        try {
            end.await();
        } finally {
            heartbeat.ifPresent(Heartbeat::close);
        }
    }

    /** Returns the bundle's private directory. */
    private Path storage() {
        return context.getDataFile("").toPath();
    }
}
