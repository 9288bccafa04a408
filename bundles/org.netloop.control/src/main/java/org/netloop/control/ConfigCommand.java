package org.netloop.control;

import static java.util.stream.Collectors.joining;

import org.netloop.api.command.Command;
import org.netloop.api.message.Terminal;
import org.netloop.api.plugin.PluginInstaller;
import org.netloop.control.config.Attribute;
import org.netloop.control.config.Check;
import org.netloop.control.config.ConfigFiles;
import org.netloop.control.config.Installed;
import org.netloop.control.config.Problem;
import org.netloop.control.config.Schema;
import org.netloop.control.socket.ControlSocket;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ServiceScope;

import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** {@code netloop config}. */
@Component(
        service = Command.class,
        scope = ServiceScope.PROTOTYPE,
        property = Command.NAME + "=config")
@CommandLine.Command(
        name = "config",
        mixinStandardHelpOptions = true,
        description =
                "Checks and describes the configuration of a deployment, and brings back a former"
                        + " one.")
public final class ConfigCommand implements Command {
    private static final String SNAPSHOT = "SNAPSHOT";
    private static final String NUMBER = "Its number in the history";

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    private final BundleContext context;
    private final PluginInstaller plugins;

    /** Created by Declarative Services. */
    @Activate
    public ConfigCommand(BundleContext context, @Reference PluginInstaller plugins) {
        this.context = context;
        this.plugins = plugins;
    }

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return USAGE;
    }

    @CommandLine.Command(
            name = "check",
            mixinStandardHelpOptions = true,
            description =
                    "Reports errors in the files of a directory, with file, line and key,"
                            + " and in its plugins. Installs the plugins in this process, and opens"
                            + " no volume.")
    int check(
            @Parameters(paramLabel = "CONFIG-DIR", description = "A directory of *.json files")
                    Path directory)
            throws IOException, InterruptedException {
        ConfigFiles files = ConfigFiles.read(directory);
        Path ofPlugins = directory.resolve("plugins");
        Map<String, String> refused = plugins.install(ofPlugins);
        List<Problem> problems = Check.problems(files, Schema.of(context), Installed.of(context));
        PrintWriter err = spec.commandLine().getErr();
        refused.forEach((name, why) -> err.println(ofPlugins.resolve(name) + ": " + why));
        problems.forEach(err::println);
        if (!problems.isEmpty() || !refused.isEmpty()) {
            return FAILED;
        }
        System.out.println(files.entries().size() + " configurations are right");
        return OK;
    }

    @CommandLine.Command(
            name = "keys",
            mixinStandardHelpOptions = true,
            description = "Lists the settings of the installed bundles, with type and meaning.")
    int keys() {
        for (Map.Entry<String, Schema.Described> entry :
                Schema.of(context).described().entrySet()) {
            Schema.Described described = entry.getValue();
            System.out.println(entry.getKey() + (described.several() ? "~NAME" : ""));
            for (Attribute attribute : described.attributes().values()) {
                System.out.println(described(attribute));
            }
        }
        return OK;
    }

    /** Describes a key: in one line for a program, for a person with its meaning below it. */
    private static String described(Attribute key) {
        String type =
                key.expected()
                        + (key.several() ? ", or a list of them" : "")
                        + (key.required() ? " (required)" : "");
        return "  %-28s %s".formatted(key.id(), type)
                + (Terminal.isThere()
                        ? "\n" + Terminal.fit(key.description(), "      ")
                        : "  " + key.description());
    }

    @CommandLine.Command(
            name = "history",
            mixinStandardHelpOptions = true,
            description = "Lists the last ten configurations of a running deployment.")
    int history(@Mixin StateOption state) throws IOException {
        Map<String, Object> answer =
                ControlSocket.ask(state.socket(), Map.of("do", "config.history"));
        Listing table = new Listing("SNAPSHOT", "SINCE", "", "FILES");
        for (Map<?, ?> row : Answers.rows(answer, "snapshots")) {
            table.row(
                    row.get("snapshot"),
                    row.get("since"),
                    Boolean.TRUE.equals(row.get("in-force")) ? "in force" : "",
                    row.get("files") instanceof List<?> files
                            ? files.stream().map(String::valueOf).collect(joining(", "))
                            : "");
        }
        table.print(System.out);
        return OK;
    }

    @CommandLine.Command(
            name = "diff",
            mixinStandardHelpOptions = true,
            description =
                    "Shows in which keys the configuration in force (+) differs from a snapshot"
                            + " (-); secrets are hidden.")
    int diff(
            @Mixin StateOption state,
            @Parameters(paramLabel = SNAPSHOT, description = NUMBER) long snapshot)
            throws IOException {
        Map<String, Object> answer =
                ControlSocket.ask(
                        state.socket(), Map.of("do", "config.diff", "snapshot", snapshot));
        if (answer.get("lines") instanceof List<?> lines) {
            lines.forEach(System.out::println);
        }
        return OK;
    }

    @CommandLine.Command(
            name = "rollback",
            mixinStandardHelpOptions = true,
            description =
                    "Puts a snapshot in force, and its files in place of the present ones."
                            + " Everything stays as it is if the snapshot does not take effect.")
    int rollback(
            @Mixin StateOption state,
            @Parameters(paramLabel = SNAPSHOT, description = NUMBER) long snapshot)
            throws IOException {
        ControlSocket.ask(state.socket(), Map.of("do", "config.rollback", "snapshot", snapshot))
                .forEach(Answers::tell);
        return OK;
    }
}
