package org.netloop.command;

import org.netloop.api.command.Command;
import org.netloop.api.file.AtomicFile;
import org.netloop.api.message.Sizes;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ServiceScope;

import picocli.CommandLine;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

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
            "Makes later starts about 20 %% faster: runs a command and saves the"
                    + " classes that the JVM parsed (a CDS archive) beside the bundles.",
            "Run it once after installing, as a user who may write to the installation."
        })
public final class PrepareCommand implements Command {
    /** File name that {@code bin/netloop} looks for. */
    private static final String ARCHIVE = "classes.jsa";

    /** Time limit for a run that was told to stop: the launcher's, for command and bundles. */
    private static final int ENDS_WITHIN_SECONDS = 30;

    private static final String MAIN = "org.netloop.launcher.Main";

    @Parameters(
            arity = "0..*",
            paramLabel = "COMMAND",
            defaultValue = "demo",
            description =
                    "The command to run, after -- if it has options; it must end by itself (default:"
                            + " ${DEFAULT-VALUE})")
    private List<String> run = new ArrayList<>();

    /** Created by Declarative Services. */
    public PrepareCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path home = PluginCommand.home("");
        if (!Files.isWritable(home)) {
            throw new IOException(
                    home + " cannot be written: prepare as who installed it, once for all users");
        }
        // In the directory of this process, which is removed even if it is killed.
        Path made = Files.createTempFile("netloop-prepare-", ".jsa");
        Path said = Files.createTempFile("netloop-prepare-", ".log");
        try {
            archive(made, said);
            Path archive = home.resolve(ARCHIVE);
            try (FileChannel classes = FileChannel.open(made)) {
                AtomicFile.write(
                        archive, classes.map(FileChannel.MapMode.READ_ONLY, 0, classes.size()));
            }
            System.out.println(
                    archive + " (" + Sizes.human(Files.size(archive)) + ") is used from now on");
        } finally {
            Files.deleteIfExists(made);
            Files.deleteIfExists(said);
        }
        return OK;
    }

    private void archive(Path made, Path said) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(command(made))
                        .redirectErrorStream(true)
                        .redirectOutput(said.toFile())
                        .start();
        try {
            int exitCode = process.waitFor();
            if (exitCode != 0 || Files.size(made) == 0) {
                throw new IOException(
                        "'netloop "
                                + String.join(" ", run)
                                + "' ended with "
                                + exitCode
                                + " and wrote no archive; its output: "
                                + Files.readString(said).strip());
            }
        } finally {
            end(process);
        }
    }

    /** Lets a run that goes on put away what it made: a mount would outlive it. */
    private static void end(Process process) throws InterruptedException {
        boolean interrupted = Thread.interrupted();
        process.destroy();
        if (!process.waitFor(ENDS_WITHIN_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Returns the command line of this JVM with its options: an archive is valid only for the same
     * ones.
     */
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
        command.addAll(run);
        return command;
    }
}
