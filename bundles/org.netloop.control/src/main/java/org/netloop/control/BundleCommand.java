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
            description = "Lists bundles, what they give, and what is wrong with it.")
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
        return OK;
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
            description =
                    "Installs and starts a bundle; nothing is left of it if it does not start.")
    int install(
            @Mixin StateOption state,
            @Parameters(paramLabel = "JAR", description = "The bundle's file") Path file)
            throws IOException {
        return ask(state, Map.of("do", "bundle.install", "file", absolute(file)));
    }

    @CommandLine.Command(
            name = "update",
            mixinStandardHelpOptions = true,
            description =
                    "Lets a bundle take the place of the one of its name, once it gives the same"
                            + " services.")
    int update(
            @Mixin StateOption state,
            @Parameters(paramLabel = "JAR", description = "The new bundle's file") Path file)
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
            description = "Stops a bundle: what needs its services waits for others.")
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
            description = "Stops and removes a bundle and its former versions.")
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
            name = "rollback",
            mixinStandardHelpOptions = true,
            description = "Brings back the version that the last update replaced.")
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
