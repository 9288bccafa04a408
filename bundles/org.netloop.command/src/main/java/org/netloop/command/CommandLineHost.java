package org.netloop.command;

import org.jspecify.annotations.Nullable;
import org.netloop.api.command.Command;
import org.netloop.api.message.Failures;
import org.netloop.api.message.Printable;
import org.netloop.api.message.Secrets;
import org.netloop.api.message.Terminal;
import org.netloop.api.plugin.PluginInstaller;
import org.osgi.service.component.ComponentServiceObjects;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferenceScope;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import picocli.AutoComplete;
import picocli.CommandLine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import java.util.regex.Pattern;

/**
 * The command line: finds the subcommands in the service registry and runs the one that is named.
 * The launcher calls it with the arguments of the process; a shell asks it for all there are.
 */
@Component(
        service = {ToIntFunction.class, Supplier.class},
        property = "netloop.main=true")
public final class CommandLineHost implements ToIntFunction<String[]>, Supplier<CommandLine> {
    private static final Pattern NUMBER =
            Pattern.compile(" is not an? (?:int|long|short|byte|double|float)$");
    private static final Pattern CONVERSION =
            Pattern.compile(": cannot convert ('.*') to (\\w+) \\(.*", Pattern.DOTALL);

    private static final Logger LOG = LoggerFactory.getLogger(CommandLineHost.class);
    private static final char BELOW = ' ';
    private static final String PLUGINS = "--plugins";
    private static final String COMPLETION = "completion";
    private static final String HELP = "--help";
    private static final String SHORT_HELP = "-h";

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
                "0:success",
                "1:failure; the message says why",
                "2:invalid arguments",
                "3:verify found missing or damaged blocks",
                "130:ended early by SIGINT (143: by SIGTERM)"
            })
    private static final class Root {
        @CommandLine.Option(
                names = PLUGINS,
                paramLabel = "DIR",
                description =
                        "Use the plugins in this directory for this command; comes before the"
                                + " command's name")
        private @Nullable Path plugins;
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            scope = ReferenceScope.PROTOTYPE_REQUIRED)
    void bindCommand(ComponentServiceObjects<Command> objects, Map<String, Object> properties) {
        commands.put(String.valueOf(properties.get(Command.NAME)), objects);
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    private volatile @Nullable PluginInstaller plugins;

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
    public int applyAsInt(String[] told) {
        try {
            return run(withPlugins(told));
        } catch (InterruptedException _) {
            System.err.println("netloop: it was interrupted");
            return Command.FAILED;
        } catch (IOException | RuntimeException | LinkageError | VirtualMachineError e) {
            return explain(e);
        }
    }

    private int run(String[] arguments) {
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
                    COMPLETION,
                    new CommandLine(new AutoComplete.GenerateCompletion())
                            .setCommandName(COMPLETION));
            line.addSubcommand("help", new CommandLine.HelpCommand());
        }
        giveHelp(line);
        // Said after the subcommands are there: it is handed down to those that are.
        line.setExecutionExceptionHandler(CommandLineHost::explain);
        line.setExecutionStrategy(CommandLineHost::execute);
        line.setParameterExceptionHandler(CommandLineHost::refuse);
        line.registerConverter(Path.class, CommandLineHost::path);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        if (arguments.length == 0) {
            line.usage(System.err);
            return Command.USAGE;
        }
        return line.execute(arguments);
    }

    /** Gives {@code --help} to each subcommand, whether its author thought of it or not. */
    private static void giveHelp(CommandLine line) {
        for (CommandLine below : line.getSubcommands().values()) {
            CommandLine.Model.CommandSpec spec = below.getCommandSpec();
            if (spec.findOption(HELP) == null) {
                CommandLine.Model.OptionSpec.Builder help =
                        CommandLine.Model.OptionSpec.builder(HELP)
                                .usageHelp(true)
                                .description("Show this help message and exit.");
                if (spec.findOption(SHORT_HELP) == null) {
                    help.names(SHORT_HELP, HELP);
                }
                spec.addOption(help.build());
            }
            giveHelp(below);
        }
    }

    /**
     * Adds the commands in the order of their names, so that a command precedes its subcommands.
     */
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

    /** An option of the process, not of a command: the plugins are there before it is looked up. */
    private String[] withPlugins(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length > 0 && arguments[0].startsWith(PLUGINS + "=")) {
            usePlugins(arguments[0].substring(PLUGINS.length() + 1));
            return Arrays.copyOfRange(arguments, 1, arguments.length);
        }
        if (arguments.length > 1 && arguments[0].equals(PLUGINS)) {
            usePlugins(arguments[1]);
            return Arrays.copyOfRange(arguments, 2, arguments.length);
        }
        return arguments;
    }

    private void usePlugins(String directory) throws IOException, InterruptedException {
        PluginInstaller installer = plugins;
        if (installer == null) {
            throw new IOException(
                    "no bundle installs plugins, so "
                            + PLUGINS
                            + " cannot be used; add the feature control");
        }
        installer
                .install(Path.of(directory))
                .forEach(
                        (name, reason) ->
                                System.err.println(
                                        "netloop: plugin "
                                                + Printable.line(name)
                                                + " is left out: "
                                                + Printable.line(reason)));
    }

    private static int explain(
            Exception failure, CommandLine line, CommandLine.ParseResult arguments) {
        return explain(failure);
    }

    /**
     * Help and versions are no commands to picocli: it would show a stack trace of their failures.
     */
    private static int execute(CommandLine.ParseResult parsed) {
        try {
            return new CommandLine.RunLast().execute(parsed);
        } catch (UncheckedIOException e) {
            return explain(e);
        }
    }

    /** A failure in a method that is a command comes with the method's signature around it. */
    private static int explain(Throwable raised) {
        Throwable cause = raised.getCause();
        Throwable failure =
                raised instanceof CommandLine.ExecutionException && cause != null ? cause : raised;
        System.err.println(Terminal.fit("netloop: " + Failures.sentence(failure), ""));
        // For who debugs; whoever made a mistake on the command line has no use for it.
        LOG.debug("the command failed", failure);
        return Command.FAILED;
    }

    /** Reports the error, the usage line and the way to more help; not the whole help text. */
    private static int refuse(CommandLine.ParameterException wrong, String[] arguments) {
        CommandLine line = wrong.getCommandLine();
        // It quotes the arguments, and an address among them may have a password.
        String message = Printable.line(Secrets.hide(reason(wrong)));
        System.err.println(Terminal.fit("netloop: " + message, ""));
        if (!CommandLine.UnmatchedArgumentException.printSuggestions(wrong, line.getErr())) {
            CommandLine.Help help = line.getHelp();
            System.err.print(help.synopsisHeading() + help.synopsis(help.synopsisHeadingLength()));
        }
        System.err.println(
                "Try '" + line.getCommandSpec().qualifiedName() + " --help' for what there is.");
        return Command.USAGE;
    }

    /**
     * Says what is wrong with the arguments. Picocli would count at which index one stands that
     * nothing takes, and call kinds of values by names of classes.
     */
    private static String reason(CommandLine.ParameterException wrong) {
        if (!(wrong instanceof CommandLine.UnmatchedArgumentException unmatched)
                || unmatched.isUnknownOption()) {
            String message =
                    String.valueOf(wrong.getMessage())
                            .replaceFirst("^Value for option option ", "the value of option ");
            return CONVERSION
                    .matcher(
                            NUMBER.matcher(message).replaceAll(" is not a number, or is too large"))
                    .replaceAll(": $1 is not a valid $2");
        }
        CommandLine line = wrong.getCommandLine();
        String name = line.getCommandSpec().qualifiedName();
        return name
                + (line.getSubcommands().isEmpty() ? " does not take '" : " has no command '")
                + unmatched.getUnmatched().getFirst()
                + "'";
    }

    /** Said by picocli, the reason would have a class name. */
    private static Path path(String name) {
        if (name.isEmpty()) {
            throw new CommandLine.TypeConversionException(
                    "the path is empty; the working directory is written as '.'");
        }
        try {
            return Path.of(name);
        } catch (InvalidPathException e) {
            throw new CommandLine.TypeConversionException(Failures.sentence(e));
        }
    }
}
