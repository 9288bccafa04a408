package org.netloop.control;

import org.netloop.api.command.Command;
import org.netloop.api.index.Reference;
import org.netloop.api.message.Secrets;
import org.netloop.api.transport.Schemes;
import org.netloop.api.transport.Transport;
import org.netloop.control.socket.ControlSocket;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ServiceScope;

import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** {@code netloop mirror}. */
@Component(
        service = Command.class,
        scope = ServiceScope.PROTOTYPE,
        property = Command.NAME + "=mirror")
@CommandLine.Command(
        name = "mirror",
        mixinStandardHelpOptions = true,
        description =
                "Lists and changes the mirrors of a running deployment's volumes;"
                        + " measures mirrors.")
public final class MirrorCommand implements Command {
    private static final int MOST_ROUNDS = 1000;
    private static final double MILLIS = 1e3;
    private static final double MILLION = 1e6;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    private final List<Map.Entry<Map<String, Object>, Transport>> transports;

    /** Created by Declarative Services. */
    @Activate
    public MirrorCommand(
            @org.osgi.service.component.annotations.Reference
                    List<Map.Entry<Map<String, Object>, Transport>> transports) {
        this.transports = transports;
    }

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return USAGE;
    }

    @CommandLine.Command(
            name = "ls",
            mixinStandardHelpOptions = true,
            description = "Lists mirrors with their condition and measurements.")
    int list(
            @Mixin StateOption state,
            @Parameters(
                            arity = "0..1",
                            paramLabel = "VOLUME",
                            description = "Only the mirrors of this volume",
                            completionCandidates = LiveNames.Volumes.class)
                    String volume)
            throws IOException {
        Listing table = new Listing("VOLUME", "STATE", "LATENCY", "MB/S", "FETCHED", "MIRROR");
        Status status = Status.ask(state);
        for (Status.Part part :
                volume == null ? status.parts("volume") : List.of(status.volume(volume))) {
            part.by("mirror").forEach((base, mirror) -> add(table, part.name(), base, mirror));
        }
        table.print(System.out);
        return OK;
    }

    private static void add(Listing table, String volume, String base, Status.Part mirror) {
        table.row(
                volume,
                mirror.condition(),
                measured(MILLIS * mirror.number("netloop_mirror_latency_seconds"), " ms"),
                measured(mirror.number("netloop_mirror_throughput_bytes_per_second") / MILLION, ""),
                mirror.text("netloop_mirror_fetches"),
                base);
        String failure = mirror.text("netloop_mirror_last_failure");
        if (!failure.isEmpty()) {
            table.detail(failure);
        }
    }

    /** Formats a measurement; a value that was never measured is not a number. */
    private static String measured(double value, String unit) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%.1f%s", value, unit) : "-";
    }

    @CommandLine.Command(
            name = "probe",
            mixinStandardHelpOptions = true,
            description =
                    "Measures the latency of mirrors and lists the fastest first. Needs no"
                            + " deployment.")
    int probe(
            @Parameters(arity = "1..*", paramLabel = "URI", description = "Base URIs of mirrors")
                    List<String> uris,
            @Option(
                            names = "--rounds",
                            paramLabel = "N",
                            defaultValue = "5",
                            description = "Requests to each mirror (default ${DEFAULT-VALUE})")
                    int rounds)
            throws IOException, InterruptedException {
        if (rounds < 2 || rounds > MOST_ROUNDS) {
            throw new IllegalArgumentException(rounds + " rounds: 2 to " + MOST_ROUNDS);
        }
        List<MirrorProbe.Result> results = new ArrayList<>();
        for (String uri : uris) {
            URI base = Reference.uri(uri);
            results.add(MirrorProbe.of(base, Schemes.find(transports, base.getScheme()), rounds));
        }
        // What could not be measured (NaN) comes last.
        results.sort(Comparator.comparingDouble(MirrorProbe.Result::millis));
        Listing table = new Listing("MEDIAN", "FIRST", "MIRROR");
        for (MirrorProbe.Result result : results) {
            table.row(
                    measured(result.millis(), " ms"),
                    measured(result.firstMillis(), " ms"),
                    Secrets.hide(result.base()));
            if (result.problem() != null) {
                table.detail(result.problem());
            }
        }
        table.print(System.out);
        return Double.isNaN(results.getFirst().millis()) ? FAILED : OK;
    }

    @CommandLine.Command(
            name = "add",
            mixinStandardHelpOptions = true,
            description = "Adds a mirror to a volume.")
    int add(@Mixin StateOption state, @Mixin Which which) throws IOException {
        return change(state, which, "mirror.add");
    }

    @CommandLine.Command(
            name = "remove",
            mixinStandardHelpOptions = true,
            description = "Removes a mirror from a volume.")
    int remove(@Mixin StateOption state, @Mixin Which which) throws IOException {
        return change(state, which, "mirror.remove");
    }

    @CommandLine.Command(
            name = "disable",
            mixinStandardHelpOptions = true,
            description = "Stops using a mirror, but keeps it in the volume's list.")
    int disable(@Mixin StateOption state, @Mixin Which which) throws IOException {
        return change(state, which, "mirror.disable");
    }

    @CommandLine.Command(
            name = "enable",
            mixinStandardHelpOptions = true,
            description = "Uses a disabled mirror again.")
    int enable(@Mixin StateOption state, @Mixin Which which) throws IOException {
        return change(state, which, "mirror.enable");
    }

    /** A mirror of a volume. */
    static final class Which {
        @Parameters(
                index = "0",
                paramLabel = "VOLUME",
                description = "The volume's name",
                completionCandidates = LiveNames.Volumes.class)
        private String volume = "";

        @Parameters(index = "1", paramLabel = "URI", description = "The mirror's base URI or path")
        private String uri = "";
    }

    private static int change(StateOption state, Which which, String what) throws IOException {
        ControlSocket.ask(
                        state.socket(),
                        Map.of("do", what, "volume", which.volume, "uri", which.uri))
                .forEach(Answers::tell);
        return OK;
    }
}
