package org.netloop.control;

import org.netloop.api.command.Command;
import org.netloop.api.plugin.PluginInstaller;
import org.netloop.control.config.Attribute;
import org.netloop.control.config.Check;
import org.netloop.control.config.ConfigFiles;
import org.netloop.control.config.Installed;
import org.netloop.control.config.Problem;
import org.netloop.control.config.Schema;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ServiceScope;

import picocli.CommandLine;
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
        description = "Checks and describes the configuration of a deployment.")
public final class ConfigCommand implements Command {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    private final BundleContext context;
    private final PluginInstaller plugins;

    /** By Declarative Services. */
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
                    "Says what is wrong with the files of a directory, by file, line and key, and"
                            + " with its plugins. Installs those in this process, and opens no"
                            + " volume.")
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
            description = "Lists what may be configured, as the installed bundles describe it.")
    int keys() {
        for (Map.Entry<String, Schema.Described> entry :
                Schema.of(context).described().entrySet()) {
            Schema.Described described = entry.getValue();
            System.out.println(entry.getKey() + (described.several() ? "~NAME" : ""));
            for (Attribute attribute : described.attributes().values()) {
                System.out.printf(
                        "  %-28s %s%s%s  %s%n",
                        attribute.id(),
                        attribute.type(),
                        attribute.several() ? "[]" : "",
                        attribute.required() ? " (required)" : "",
                        attribute.description());
            }
        }
        return OK;
    }
}
