package org.netloop.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The contracts that a plugin is made for, each with its example. */
enum PluginTemplate {
    CODEC("rle"),
    TRANSPORT("ziprepo"),
    FORMAT("mosaic"),
    CACHE("attic"),
    MIRROR("homeland"),
    FRONTEND("onweb"),
    COMMAND("gapcount");

    private static final Pattern SDK = Pattern.compile("<netloop\\.sdk>[^<]*</netloop\\.sdk>");
    private static final String GROUP = "com.example";

    /** Files that every example shares; an example without its own takes the codec's. */
    private static final List<String> COMMON = List.of("pom.xml", ".mvn/maven.config");

    private final String example;

    /**
     * @param example its name, which is no other word in it
     */
    PluginTemplate(String example) {
        this.example = example;
    }

    /** Returns the name as written on a command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Makes a project of the example.
     *
     * @param directory is made
     * @param name of the plugin
     * @param root its package
     */
    void copy(Path directory, String name, String root) throws IOException {
        Path from = directory(this);
        if (!Files.isDirectory(from)) {
            throw new IOException(from + " does not exist: this runtime has no examples");
        }
        List<Path> files;
        try (Stream<Path> all = Files.walk(from)) {
            files = all.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            write(directory, from.relativize(file).toString(), Files.readString(file), name, root);
        }
        for (String common : COMMON) {
            if (!Files.exists(from.resolve(common))) {
                String text = Files.readString(directory(CODEC).resolve(common));
                String own =
                        text.replace("codec " + CODEC.example, this + " " + example)
                                .replace(GROUP + "." + CODEC.example, GROUP + "." + example);
                write(directory, common, own, name, root);
            }
        }
    }

    private static Path directory(PluginTemplate template) throws IOException {
        return PluginCommand.home("examples").resolve("plugin-" + template);
    }

    private void write(Path directory, String file, String text, String name, String root)
            throws IOException {
        Path copy = directory.resolve(renamed(file, name, root));
        Files.createDirectories(copy.toAbsolutePath().getParent());
        Files.writeString(copy, renamed(text, name, root));
    }

    private String renamed(String text, String name, String root) throws IOException {
        String ours = GROUP + "." + example;
        String group = root.substring(0, root.lastIndexOf('.'));
        String renamed =
                text.replace(ours, root)
                        .replace(ours.replace('.', '/'), root.replace('.', '/'))
                        .replace("<groupId>" + GROUP, "<groupId>" + group)
                        .replaceAll(
                                "\\b" + capitals(example) + "(?=[A-Z])",
                                Matcher.quoteReplacement(capitals(name)));
        return SDK.matcher(word(renamed, name, root))
                .replaceFirst(
                        Matcher.quoteReplacement(
                                "<netloop.sdk>" + PluginCommand.home("sdk") + "</netloop.sdk>"));
    }

    /** The example's name as a word by itself, not as a part of the package that was renamed. */
    private String word(String text, String name, String root) {
        return String.join(
                root,
                Stream.of(text.split(Pattern.quote(root), -1))
                        .map(part -> part.replaceAll("\\b" + example + "\\b", name))
                        .toList());
    }

    /** {@code TwoWords} of {@code two-words}. */
    private static String capitals(String name) {
        return Arrays.stream(name.split("-"))
                .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
                .collect(Collectors.joining());
    }
}
