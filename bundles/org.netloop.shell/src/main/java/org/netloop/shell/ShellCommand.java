package org.netloop.shell;

import org.jspecify.annotations.Nullable;
import org.netloop.api.command.Command;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ServiceScope;

import picocli.CommandLine;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
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
                "Takes netloop's commands at a prompt, for one running deployment; or from standard"
                        + " input, if that is no terminal, until one fails.")
public final class ShellCommand implements Command {
    static final String SHELL = "shell";

    @CommandLine.Command(name = "netloop")
    private static final class Root {}

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description = "The directory where the deployment answers")
    private @Nullable Path state;

    @Option(
            names = "--config",
            paramLabel = "CONFIG-DIR",
            description =
                    "The deployment that runs this directory; need not be told if only one runs")
    private @Nullable Path config;

    @Option(
            names = {"-c", "--command"},
            paramLabel = "LINE",
            description = "Run this and end")
    private @Nullable String line;

    private final BundleContext context;
    private final ToIntFunction<String[]> main;

    /** By Declarative Services. */
    @Activate
    public ShellCommand(
            BundleContext context,
            @Reference(target = "(netloop.main=true)") ToIntFunction<String[]> main) {
        this.context = context;
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
        CommandLine tree = new CommandLine(new Root());
        for (Map.Entry<String, ServiceReference<Command>> entry : references().entrySet()) {
            String[] words = entry.getKey().split(" ", 2);
            CommandLine above = words.length == 1 ? tree : tree.getSubcommands().get(words[0]);
            if (above != null && !words[0].equals(SHELL)) {
                above.addSubcommand(
                        words[words.length - 1],
                        context.getServiceObjects(entry.getValue()).getService());
            }
        }
        tree.addSubcommand("help", new CommandLine.HelpCommand());
        return tree;
    }

    private SortedMap<String, ServiceReference<Command>> references() {
        SortedMap<String, ServiceReference<Command>> found = new TreeMap<>();
        try {
            for (ServiceReference<Command> reference :
                    context.getServiceReferences(Command.class, null)) {
                found.put(String.valueOf(reference.getProperty(Command.NAME)), reference);
            }
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException("no filter was given", e);
        }
        return found;
    }
}
