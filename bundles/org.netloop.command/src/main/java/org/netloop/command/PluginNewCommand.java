package org.netloop.command;

import org.jspecify.annotations.Nullable;
import org.netloop.api.command.Command;

import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import javax.lang.model.SourceVersion;

/** {@code netloop plugin new}: copies an example, and renames what is in it. */
@CommandLine.Command(
        name = "new",
        mixinStandardHelpOptions = true,
        description = "Begins a plugin: a project of five files that builds and passes its suite.")
final class PluginNewCommand implements Callable<Integer> {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]{0,15}");
    private static final Pattern SDK = Pattern.compile("<netloop\\.sdk>[^<]*</netloop\\.sdk>");
    private static final String EXAMPLES = "com.example";

    /** The contracts that have an example, and what the example is called. */
    private enum Kind {
        CODEC("plugin-codec", "rle"),
        TRANSPORT("plugin-transport", "ziprepo");

        private final String directory;
        private final String name;

        Kind(String directory, String name) {
            this.directory = directory;
            this.name = name;
        }
    }

    @Parameters(
            paramLabel = "NAME",
            description = "What it is called: the codec's id, or the transport's scheme")
    private String name = "";

    @Option(
            names = "--contract",
            defaultValue = "codec",
            description = "What it implements: codec or transport (default ${DEFAULT-VALUE})")
    private Kind kind = Kind.CODEC;

    @Option(
            names = "--package",
            description = "Its package, bundle and module (default com.example.NAME)")
    private @Nullable String chosenPackage;

    @Option(
            names = "--directory",
            paramLabel = "DIR",
            description = "Where to make it (default ./NAME)")
    private @Nullable Path chosenDirectory;

    @Override
    public Integer call() throws IOException {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "'"
                            + name
                            + "' is no name for a plugin: 1 to 16 of a-z and 0-9, a letter first");
        }
        String root = chosenPackage == null ? EXAMPLES + "." + name : chosenPackage;
        if (!SourceVersion.isName(root) || root.indexOf('.') < 0) {
            throw new IllegalArgumentException(
                    "'" + root + "' is no package: expected a name like org.example." + name);
        }
        Path directory = chosenDirectory == null ? Path.of(name) : chosenDirectory;
        copy(PluginCommand.home("examples").resolve(kind.directory), directory, root);
        System.out.println("made     " + directory.toAbsolutePath().normalize());
        System.out.println("next     cd " + directory + " && mvn verify; README.md tells the rest");
        return Command.OK;
    }

    private void copy(Path example, Path directory, String root) throws IOException {
        if (Files.exists(directory)) {
            throw new IOException(directory + " is there already; name another by --directory");
        }
        if (!Files.isDirectory(example)) {
            throw new IOException(example + " is not there: this runtime has no examples");
        }
        List<Path> files;
        try (Stream<Path> all = Files.walk(example)) {
            files = all.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            Path copy = directory.resolve(renamed(example.relativize(file).toString(), root));
            Files.createDirectories(copy.toAbsolutePath().getParent());
            Files.writeString(copy, renamed(Files.readString(file), root));
        }
    }

    private String renamed(String text, String root) throws IOException {
        String example = EXAMPLES + "." + kind.name;
        String group = root.substring(0, root.lastIndexOf('.'));
        String renamed =
                text.replace(example, root)
                        .replace(example.replace('.', '/'), root.replace('.', '/'))
                        .replace("<groupId>" + EXAMPLES, "<groupId>" + group)
                        .replaceAll("\\b" + capital(kind.name) + "(?=[A-Z])", capital(name));
        return SDK.matcher(word(renamed, kind.name, root))
                .replaceFirst("<netloop.sdk>" + PluginCommand.home("sdk") + "</netloop.sdk>");
    }

    /** The example's name as a word by itself, not as a part of the package that was renamed. */
    private String word(String text, String word, String root) {
        return String.join(
                root,
                Stream.of(text.split(Pattern.quote(root), -1))
                        .map(part -> part.replaceAll("\\b" + word + "\\b", name))
                        .toList());
    }

    private static String capital(String word) {
        return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }
}
