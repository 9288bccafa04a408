package org.netloop.command;

import org.netloop.api.command.Command;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ServiceScope;

import picocli.CommandLine;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code netloop prepare}: leaves behind the classes of one run as the virtual machine has them
 * after parsing (class-data sharing, JEP 350), which {@code bin/netloop} gives to all that start
 * later. A virtual machine that cannot take them up, as it is another one or the launcher's jars
 * are not those of that run, starts as if there were none.
 *
 * <p>It is a run of its own, and not what any run does when it ends, as writing them has crashed
 * the process that did.
 */
@Component(
        service = Command.class,
        scope = ServiceScope.PROTOTYPE,
        property = Command.NAME + "=prepare")
@CommandLine.Command(
        name = "prepare",
        mixinStandardHelpOptions = true,
        description = {
            "Lets all later starts take less time, with this Java and on this machine: runs a"
                    + " command and keeps what the virtual machine learns of the classes, beside"
                    + " them.",
            "Once after an installation; as who may write there."
        })
public final class PrepareCommand implements Command {
    /** Where {@code bin/netloop} looks. */
    private static final String CACHE = "classes.jsa";

    private static final String MAIN = "org.netloop.launcher.Main";

    @Parameters(
            arity = "0..*",
            paramLabel = "COMMAND",
            defaultValue = "demo",
            description =
                    "The run to learn from, behind -- if it has options of its own; it has to end"
                            + " by itself (default: ${DEFAULT-VALUE})")
    private List<String> learning = new ArrayList<>();

    /** By Declarative Services. */
    public PrepareCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path home = PluginCommand.home("");
        if (!Files.isWritable(home)) {
            throw new IOException(
                    home + " cannot be written: prepare as who installed it, once for all users");
        }
        Path made = Files.createTempFile(home, "classes-", ".new");
        Path said = Files.createTempFile("netloop-prepare-", ".log");
        try {
            learn(made, said);
            try (FileChannel channel = FileChannel.open(made, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Path cache = home.resolve(CACHE);
            Files.move(made, cache, StandardCopyOption.ATOMIC_MOVE);
            System.out.println(
                    cache + " (" + Sizes.human(Files.size(cache)) + ") is used from now on");
        } finally {
            Files.deleteIfExists(made);
            Files.deleteIfExists(said);
        }
        return OK;
    }

    private void learn(Path made, Path said) throws IOException, InterruptedException {
        Process run =
                new ProcessBuilder(command(made))
                        .redirectErrorStream(true)
                        .redirectOutput(said.toFile())
                        .start();
        try {
            int exitCode = run.waitFor();
            if (exitCode != 0 || Files.size(made) == 0) {
                throw new IOException(
                        "'netloop "
                                + String.join(" ", learning)
                                + "' ended with "
                                + exitCode
                                + " and left nothing to use; it said: "
                                + Files.readString(said).strip());
            }
        } finally {
            run.destroyForcibly();
        }
    }

    /** This very virtual machine with its options: a cache is for the same ones. */
    private List<String> command(Path made) {
        List<String> command = new ArrayList<>();
        command.add(VirtualMachine.program());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> !option.startsWith("-XX:SharedArchiveFile"))
                .forEach(command::add);
        command.add("-XX:ArchiveClassesAtExit=" + made);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(MAIN);
        command.addAll(learning);
        return command;
    }
}
