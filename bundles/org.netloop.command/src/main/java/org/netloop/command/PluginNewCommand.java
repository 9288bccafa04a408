package org.netloop.command;

import org.jspecify.annotations.Nullable;
import org.netloop.api.command.Command;

import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;

import javax.lang.model.SourceVersion;

/** {@code netloop plugin new}: makes a project of an example. */
@CommandLine.Command(
        name = "new",
        mixinStandardHelpOptions = true,
        description = "Creates a plugin project that builds and passes its suite.")
final class PluginNewCommand implements Callable<Integer> {
    private static final Pattern NAME = Pattern.compile("(?=.{1,16}$)[a-z][a-z0-9]*(-[a-z0-9]+)*");

    @Parameters(
            paramLabel = "NAME",
            description =
                    "Id of the codec, format, policy or frontend, scheme of the transport,"
                            + " or name of the command")
    private String name = "";

    @Option(
            names = "--contract",
            paramLabel = "KIND",
            defaultValue = "codec",
            description = "Contract: ${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE})")
    private PluginTemplate kind = PluginTemplate.CODEC;

    @Option(
            names = "--package",
            paramLabel = "PACKAGE",
            description =
                    "The package, also the name of bundle and module (default com.example.NAME)")
    private @Nullable String chosenPackage;

    @Option(
            names = "--directory",
            paramLabel = "DIR",
            description = "Directory of the project (default ./NAME)")
    private @Nullable Path chosenDirectory;

    @Option(
            names = "--library",
            paramLabel = "G:A:V",
            description =
                    "Library to nest in the bundle, by its Maven coordinates; may be repeated")
    private List<String> libraries = new ArrayList<>();

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "'"
                            + name
                            + "' is not a valid name for a plugin: 1 to 16 of a-z, 0-9 and single -, a"
                            + " letter first");
        }
        String root =
                chosenPackage == null ? "com.example." + name.replace("-", "") : chosenPackage;
        if (!SourceVersion.isName(root) || root.indexOf('.') < 0) {
            throw new IllegalArgumentException(
                    "'" + root + "' is not a valid package: expected a name like org.example.fold");
        }
        List<PluginLibrary> inside = libraries.stream().map(PluginLibrary::parse).toList();
        Path directory = chosenDirectory == null ? Path.of(name) : chosenDirectory;
        if (Files.exists(directory)) {
            throw new IOException(directory + " already exists; choose another with --directory");
        }
        kind.copy(directory, name, root);
        if (!inside.isEmpty()) {
            PluginLibrary.addAll(inside, directory);
        }
        System.out.println("made     " + directory.toAbsolutePath().normalize());
        System.out.println("next     cd " + directory + " && mvn verify; see README.md");
        return Command.OK;
    }
}
