package org.netloop.control;

import org.netloop.api.command.Command;
import org.netloop.control.socket.ControlSocket;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ServiceScope;

import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** {@code netloop bundle}. */
@Component(
        service = Command.class,
        scope = ServiceScope.PROTOTYPE,
        property = Command.NAME + "=bundle")
@CommandLine.Command(
        name = "bundle",
        mixinStandardHelpOptions = true,
        description = "Lists and changes the bundles of a running deployment.")
public final class BundleCommand implements Command {
    private static final String BUNDLE = "BUNDLE";
    private static final String NAME_OR_ID = "Its symbolic name or id";

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return USAGE;
    }

    @CommandLine.Command(
            name = "ls",
            mixinStandardHelpOptions = true,
            description = "Lists bundles with their state, services and defects.")
    int list(@Mixin StateOption state) throws IOException {
        Map<String, Object> answer = ControlSocket.ask(state.socket(), Map.of("do", "bundle.ls"));
        Listing table = new Listing("ID", "STATE", "BUNDLE", "VERSION", "SERVICES");
        for (Map<?, ?> row : Answers.rows(answer, "bundles")) {
            table.row(
                    row.get("id"),
                    row.get("state"),
                    row.get("name"),
                    row.get("version"),
                    services(Answers.map(row, "services")));
            if (row.get("troubles") instanceof List<?> troubles) {
                troubles.forEach(table::detail);
            }
        }
        table.print(System.out);
        Answers.map(answer, "plugins-refused")
                .forEach(
                        (file, why) ->
                                System.out.println("plugin " + file + " is refused: " + why));
        Answers.rows(answer, "changes").forEach(row -> System.out.println(kept(row)));
        return OK;
    }

    private static String kept(Map<?, ?> row) {
        String source =
                row.get("digest") == null
                        ? ""
                        : "%s, %s, of %s, since %s"
                                .formatted(
                                        row.get("version"),
                                        row.get("digest"),
                                        row.get("from"),
                                        row.get("since"));
        String state =
                switch (String.valueOf(row.get("state"))) {
                    case "REMOVED" -> "removed";
                    case "ADDED" -> "added";
                    case "STOPPED" -> source.isEmpty() ? "stopped" : source + "; stopped";
                    default -> source;
                };
        return "kept: "
                + row.get("name")
                + " "
                + state
                + Answers.told(row, "aside").map("; set aside: "::concat).orElse("");
    }

    private static String services(Map<?, ?> services) {
        StringBuilder text = new StringBuilder();
        services.forEach(
                (contract, count) -> {
                    String name = String.valueOf(contract);
                    text.append(text.isEmpty() ? "" : ", ")
                            .append(name.substring(name.lastIndexOf('.') + 1))
                            .append("1".equals(String.valueOf(count)) ? "" : " x" + count);
                });
        return text.toString();
    }

    @CommandLine.Command(
            name = "install",
            mixinStandardHelpOptions = true,
            description = "Installs and starts a bundle; removes it again if it does not start.")
    int install(
            @Mixin StateOption state,
            @Parameters(paramLabel = "JAR", description = "The bundle") Path file)
            throws IOException {
        return ask(state, Map.of("do", "bundle.install", "file", absolute(file)));
    }

    @CommandLine.Command(
            name = "update",
            mixinStandardHelpOptions = true,
            description =
                    "Replaces the installed bundle of the same symbolic name once the new"
                            + " one provides the same services.")
    int update(
            @Mixin StateOption state,
            @Parameters(paramLabel = "JAR", description = "The new bundle") Path file)
            throws IOException {
        return ask(state, Map.of("do", "bundle.update", "file", absolute(file)));
    }

    private static String absolute(Path file) {
        return file.toAbsolutePath().toString();
    }

    @CommandLine.Command(
            name = "start",
            mixinStandardHelpOptions = true,
            description = "Starts a bundle that was stopped.")
    int start(
            @Mixin StateOption state,
            @Parameters(
                            paramLabel = BUNDLE,
                            description = NAME_OR_ID,
                            completionCandidates = LiveNames.Bundles.class)
                    String bundle)
            throws IOException {
        return ask(state, Map.of("do", "bundle.start", "bundle", bundle));
    }

    @CommandLine.Command(
            name = "stop",
            mixinStandardHelpOptions = true,
            description = "Stops a bundle; whatever needs its services waits for other providers.")
    int stop(
            @Mixin StateOption state,
            @Parameters(
                            paramLabel = BUNDLE,
                            description = NAME_OR_ID,
                            completionCandidates = LiveNames.Bundles.class)
                    String bundle)
            throws IOException {
        return ask(state, Map.of("do", "bundle.stop", "bundle", bundle));
    }

    @CommandLine.Command(
            name = "uninstall",
            mixinStandardHelpOptions = true,
            description = "Stops and removes a bundle with its former versions.")
    int uninstall(
            @Mixin StateOption state,
            @Parameters(
                            paramLabel = BUNDLE,
                            description = NAME_OR_ID,
                            completionCandidates = LiveNames.Bundles.class)
                    String bundle)
            throws IOException {
        return ask(state, Map.of("do", "bundle.uninstall", "bundle", bundle));
    }

    @CommandLine.Command(
            name = "forget",
            mixinStandardHelpOptions = true,
            description =
                    "Forgets the kept change of a bundle: the next start uses what features and"
                            + " plugins bring. Changes nothing that runs.")
    int forget(
            @Mixin StateOption state,
            @Parameters(paramLabel = BUNDLE, description = "Its symbolic name") String bundle)
            throws IOException {
        return ask(state, Map.of("do", "bundle.forget", "bundle", bundle));
    }

    @CommandLine.Command(
            name = "rollback",
            mixinStandardHelpOptions = true,
            description = "Restores the version that the last update replaced.")
    int rollback(
            @Mixin StateOption state,
            @Parameters(
                            paramLabel = BUNDLE,
                            description = NAME_OR_ID,
                            completionCandidates = LiveNames.Bundles.class)
                    String bundle)
            throws IOException {
        return ask(state, Map.of("do", "bundle.rollback", "bundle", bundle));
    }

    private static int ask(StateOption state, Map<String, ?> request) throws IOException {
        ControlSocket.ask(state.socket(), request).forEach(Answers::tell);
        return OK;
    }
}
