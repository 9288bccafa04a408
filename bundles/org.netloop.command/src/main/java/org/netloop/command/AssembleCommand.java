package org.netloop.command;

import org.jspecify.annotations.Nullable;
import org.netloop.api.command.Command;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ServiceScope;

import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code netloop assemble}: a process of its own does it, so that what writes archives and cuts
 * runtimes is no part of one that serves reads.
 */
@Component(
        service = Command.class,
        scope = ServiceScope.PROTOTYPE,
        property = Command.NAME + "=assemble")
@CommandLine.Command(
        name = "assemble",
        mixinStandardHelpOptions = true,
        description = {
            "Makes an appliance of chosen features: a directory, an archive with its own Java, a"
                    + " container image, a package or a boot medium.",
            "Works offline from the installed runtime. The same input gives the same bytes."
        })
public final class AssembleCommand implements Command {
    private static final String MAIN = "org.netloop.assembler.Main";

    @Parameters(
            arity = "1..*",
            paramLabel = "APPLIANCE|FEATURE",
            description =
                    "An appliance (reader, nbd-gateway, boot-client, publisher, site-cache,"
                            + " everything), the file of one, or features")
    private List<String> names = new ArrayList<>();

    @Option(
            names = "--to",
            required = true,
            arity = "2",
            paramLabel = "KIND OUT",
            hideParamSyntax = true,
            description = "What to make, and where; see docs/appliances.md for the kinds")
    private List<String> to = new ArrayList<>();

    @Option(
            names = "--plugin",
            paramLabel = "JAR",
            description = "Add the jar of a plugin; may be repeated")
    private List<Path> plugins = new ArrayList<>();

    @Option(
            names = "--config",
            paramLabel = "DIR",
            description =
                    "The configuration directory to install as /etc/netloop (default: the"
                            + " appliance's)")
    private @Nullable Path config;

    @Option(
            names = "--platform",
            paramLabel = "PLATFORM",
            description = "linux-x86_64 or linux-aarch64 (default: this machine's)")
    private @Nullable String platform;

    @Option(
            names = {"-o", "--option"},
            paramLabel = "KEY=VALUE",
            description = "An option of the kind, as kernel=DIR; may be repeated")
    private Map<String, String> options = new LinkedHashMap<>();

    /** Created by Declarative Services. */
    public AssembleCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        for (Path plugin : plugins) {
            if (!Files.isRegularFile(plugin)) {
                throw new IOException(plugin + " does not exist, or is not a file");
            }
        }
        if (config != null && !Files.isDirectory(config)) {
            throw new IOException(config + " is not a directory");
        }
        if (!Files.isDirectory(PluginCommand.home("assembler"))) {
            throw new IOException(
                    "this is an assembled appliance, which has no assembler: use the full runtime");
        }
        Process assembler = new ProcessBuilder(command()).inheritIO().start();
        try {
            return assembler.waitFor() == 0 ? OK : FAILED;
        } finally {
            assembler.destroy();
        }
    }

    private List<String> command() throws IOException {
        List<String> command = VirtualMachine.command("1g", "assembler", MAIN);
        command.add("home=" + PluginCommand.home(""));
        command.add("kind=" + to.getFirst());
        command.add("out=" + Path.of(to.getLast()).toAbsolutePath().normalize());
        names.forEach(name -> command.add("name=" + name));
        plugins.forEach(plugin -> command.add("plugin=" + plugin.toAbsolutePath().normalize()));
        if (config != null) {
            command.add("config=" + config.toAbsolutePath().normalize());
        }
        if (platform != null) {
            command.add("platform=" + platform);
        }
        options.forEach((key, value) -> command.add(key + "=" + value));
        return command;
    }
}
