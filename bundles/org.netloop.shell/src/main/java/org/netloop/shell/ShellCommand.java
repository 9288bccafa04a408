package org.netloop.shell;

import org.jspecify.annotations.Nullable;
import org.netloop.api.command.Command;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ServiceScope;

import picocli.CommandLine;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/** {@code netloop shell}. */
@Component(
        service = Command.class,
        scope = ServiceScope.PROTOTYPE,
        property = Command.NAME + "=" + ShellCommand.SHELL)
@CommandLine.Command(
        name = ShellCommand.SHELL,
        mixinStandardHelpOptions = true,
        description =
                "Reads netloop commands for a running deployment from a prompt; or, if"
                        + " standard input is not a terminal, from there until one fails.")
public final class ShellCommand implements Command {
    static final String SHELL = "shell";
    private static final String MAIN = "(netloop.main=true)";

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description = "The directory of the deployment's control socket")
    private @Nullable Path state;

    @Option(
            names = "--config",
            paramLabel = "CONFIG-DIR",
            description =
                    "Selects the deployment by its configuration directory; optional if"
                            + " only one is running")
    private @Nullable Path config;

    @Option(
            names = {"-c", "--command"},
            paramLabel = "LINE",
            description = "Run this line and exit")
    private @Nullable String line;

    private final Supplier<CommandLine> commands;
    private final ToIntFunction<String[]> main;

    /** Created by Declarative Services. */
    @Activate
    public ShellCommand(
            @Reference(target = MAIN) Supplier<CommandLine> commands,
            @Reference(target = MAIN) ToIntFunction<String[]> main) {
        this.commands = commands;
        this.main = main;
    }

    @Override
    public Integer call() throws IOException {
        // The commands for a deployment take these for what is not told on their own line.
        System.setProperty("netloop.state", state == null ? "" : state.toString());
        System.setProperty("netloop.config", config == null ? "" : config.toString());
        CommandLine tree = tree();
        TreeSet<String> names = new TreeSet<>(tree.getSubcommands().keySet());
        try (Session session = new Session(names, main)) {
            if (line != null) {
                return session.run(line);
            }
            if (System.console() == null || !System.console().isTerminal()) {
                byte[] script = System.in.readAllBytes();
                return session.run(new String(script, StandardCharsets.UTF_8));
            }
            new Prompt(session, new Completion(tree)).run();
        } catch (LeaveException _) {
            return OK;
        }
        return OK;
    }

    /** All commands but this one. */
    private CommandLine tree() {
        CommandLine tree = commands.get();
        tree.getCommandSpec().removeSubcommand(SHELL);
        tree.addSubcommand("help", new CommandLine.HelpCommand());
        return tree;
    }
}
