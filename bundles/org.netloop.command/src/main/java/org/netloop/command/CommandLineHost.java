package org.netloop.command;

import org.netloop.api.command.Command;
import org.osgi.service.component.ComponentServiceObjects;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferenceScope;

import picocli.AutoComplete;
import picocli.CommandLine;

import java.io.IOException;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/**
 * The command line: finds the subcommands in the service registry and runs the one that is named.
 * The launcher calls it with the arguments of the process; a shell asks it for all there are.
 */
@Component(
        service = {ToIntFunction.class, Supplier.class},
        property = "netloop.main=true")
public final class CommandLineHost implements ToIntFunction<String[]>, Supplier<CommandLine> {
    private static final char BELOW = ' ';

    private final NavigableMap<String, ComponentServiceObjects<Command>> commands =
            new ConcurrentSkipListMap<>();

    @CommandLine.Command(
            name = "netloop",
            description =
                    "Publishes disk images as small content-addressed blocks, and serves them back"
                            + " live.",
            synopsisSubcommandLabel = "COMMAND",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class,
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {
                "0:all went well",
                "1:it failed; the message says why",
                "2:the arguments were wrong",
                "3:verify found missing or damaged blocks",
                "130:SIGINT ended it before it was done (143: SIGTERM)"
            })
    private static final class Root {}

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            scope = ReferenceScope.PROTOTYPE_REQUIRED)
    void bindCommand(ComponentServiceObjects<Command> objects, Map<String, Object> properties) {
        commands.put(String.valueOf(properties.get(Command.NAME)), objects);
    }

    void unbindCommand(ComponentServiceObjects<Command> objects) {
        commands.values().remove(objects);
    }

    /** All commands, for whoever wants to know what there is. */
    @Override
    public CommandLine get() {
        CommandLine line = new CommandLine(new Root());
        add(line, commands);
        return line;
    }

    @Override
    public int applyAsInt(String[] arguments) {
        CommandLine line;
        // A command that is named is made alone: reading the annotations of all of them takes its
        // time.
        if (arguments.length > 0 && commands.containsKey(arguments[0])) {
            String named = arguments[0];
            line = new CommandLine(new Root());
            add(line, commands.subMap(named, true, named, true));
            add(line, commands.subMap(named + BELOW, named + (char) (BELOW + 1)));
        } else {
            line = get();
            line.addSubcommand(
                    "completion", new CommandLine(new AutoComplete.GenerateCompletion()));
            line.addSubcommand("help", new CommandLine.HelpCommand());
        }
        // Said after the subcommands are there: it is handed down to those that are.
        line.setExecutionExceptionHandler(CommandLineHost::explain);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        if (arguments.length == 0) {
            line.usage(System.err);
            return Command.USAGE;
        }
        return line.execute(arguments);
    }

    /** In the order of their names: a command comes before what is below it. */
    private static void add(
            CommandLine line, Map<String, ComponentServiceObjects<Command>> chosen) {
        chosen.forEach(
                (name, objects) -> {
                    int space = name.indexOf(BELOW);
                    CommandLine above =
                            space < 0 ? line : line.getSubcommands().get(name.substring(0, space));
                    if (above != null) {
                        above.addSubcommand(name.substring(space + 1), objects.getService());
                    }
                });
    }

    private static int explain(
            Exception failure, CommandLine line, CommandLine.ParseResult arguments)
            throws Exception {
        switch (failure) {
            case IOException e -> line.getErr().println("netloop: " + message(e));
            case IllegalArgumentException e -> line.getErr().println("netloop: " + message(e));
            case InterruptedException _ -> line.getErr().println("netloop: interrupted");
            default -> throw failure;
        }
        return Command.FAILED;
    }

    private static String message(Exception failure) {
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }
}
