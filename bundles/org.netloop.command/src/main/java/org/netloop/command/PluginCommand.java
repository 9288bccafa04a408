package org.netloop.command;

import org.netloop.api.command.Command;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ServiceScope;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.Path;

/** {@code netloop plugin}: for those who write plugins. */
@Component(
        service = Command.class,
        scope = ServiceScope.PROTOTYPE,
        property = Command.NAME + "=plugin")
@CommandLine.Command(
        name = "plugin",
        mixinStandardHelpOptions = true,
        description = "Creates and verifies plugins.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {PluginNewCommand.class, PluginVerifyCommand.class})
public final class PluginCommand implements Command {
    @Spec private CommandSpec spec = CommandSpec.create();

    /** Created by Declarative Services. */
    public PluginCommand() {}

    @Override
    public Integer call() {
        spec.commandLine().usage(System.err);
        return USAGE;
    }

    /** A directory of the runtime that is for plugins. */
    static Path home(String directory) throws IOException {
        String home = System.getProperty("netloop.home");
        if (home == null) {
            throw new IOException(
                    "the system property netloop.home is not set; start by bin/netloop");
        }
        return Path.of(home).toAbsolutePath().resolve(directory);
    }
}
