package org.netloop.assembler.layout;

import com.fasterxml.jackson.jr.ob.JSON;

import org.netloop.assembler.AssemblyException;
import org.netloop.assembler.tree.Content;
import org.netloop.assembler.tree.Tree;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The home directory of an appliance, as a tree: what {@code bin/netloop} runs from. */
public final class Home {
    /** Part of our own bundles. */
    public static final String BUNDLES = "bundles";

    /** Part of the launcher, and of what belongs to no bundle. */
    public static final String LAUNCHER = "launcher";

    /** Part of bundles that third parties made. */
    public static final String LIBRARIES = "third-party bundles";

    private static final String OURS = "org.netloop.";

    private final Appliance appliance;
    private final Path home;
    private final JarFilter filter;
    private final Path work;

    /**
     * Creates one.
     *
     * @param work a directory for copies of jars, which has to stay while the tree is used
     * @param stored whether jars are not compressed
     */
    public Home(Appliance appliance, Path work, boolean stored) {
        this.appliance = appliance;
        this.home = appliance.sources().home();
        this.filter = new JarFilter(appliance.sources().platform(), stored);
        this.work = work;
    }

    /** Makes the tree, without a Java runtime. */
    public Tree tree() throws IOException, AssemblyException {
        Tree tree = new Tree();
        for (Path jar : appliance.deployment().bundles().keySet()) {
            add(tree, "bundles/" + jar.getFileName(), jar, part(jar));
        }
        for (Path jar : appliance.plugins()) {
            add(tree, "bundles/" + Plugin.of(jar).file(), jar, LIBRARIES);
        }
        for (Path jar : list(home.resolve("lib"))) {
            add(tree, "lib/" + jar.getFileName(), jar, LAUNCHER);
        }
        programs(tree);
        features(tree);
        tree.file("sbom.json", Content.of(new Sbom(appliance).json()), LAUNCHER);
        return tree;
    }

    private static String part(Path jar) {
        return String.valueOf(jar.getFileName()).startsWith(OURS) ? BUNDLES : LIBRARIES;
    }

    private void add(Tree tree, String name, Path jar, String part) throws IOException {
        Path copy = work.resolve(name.replace('/', '+'));
        tree.file(name, Content.of(filter.filter(jar, copy)), part);
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
        }
    }

    private void programs(Tree tree) throws IOException {
        tree.program("bin/netloop", Content.of(home.resolve("bin/netloop")), LAUNCHER);
        String options = Files.readString(home.resolve("bin/java.options"));
        List<String> own = appliance.settings().java();
        if (!own.isEmpty()) {
            options +=
                    "# Of the appliance " + appliance.name() + ".\n" + String.join(" ", own) + "\n";
        }
        tree.file("bin/java.options", Content.of(options), LAUNCHER);
        if (Files.exists(home.resolve("LICENSE"))) {
            tree.file("LICENSE", Content.of(home.resolve("LICENSE")), LAUNCHER);
        }
    }

    private void features(Tree tree) throws IOException, AssemblyException {
        for (String name : appliance.features()) {
            Path file = home.resolve("features").resolve(name + ".json");
            tree.file("features/" + file.getFileName(), Content.of(file), LAUNCHER);
        }
        Map<String, Object> chosen = new LinkedHashMap<>();
        chosen.put("feature-resource-version", "1.0");
        chosen.put("id", "org.netloop:org.netloop.feature.default:0.0.0");
        chosen.put("name", appliance.name());
        chosen.put("description", appliance.description());
        chosen.put("bundles", plugins());
        for (String member : List.of("configurations", "extensions")) {
            if (appliance.document().containsKey(member)) {
                chosen.put(member, appliance.document().get(member));
            }
        }
        tree.file("features/default.json", Content.of(pretty(chosen)), LAUNCHER);
    }

    private List<Map<String, String>> plugins() throws IOException, AssemblyException {
        List<Map<String, String>> plugins = new ArrayList<>();
        for (Path jar : appliance.plugins()) {
            plugins.add(Map.of("id", Plugin.of(jar).id()));
        }
        return plugins;
    }

    /** Returns the configuration that an operator may change, by file name. */
    public Tree config() throws IOException {
        Tree tree = new Tree();
        Path chosen = appliance.sources().config();
        if (chosen != null) {
            return tree.addAll("etc/netloop", chosen, "configuration")
                    .only(path -> path.endsWith(".json") || !path.contains("."));
        }
        return tree.file(
                "etc/netloop/netloop.json",
                Content.of(pretty(appliance.settings().config())),
                "configuration");
    }

    private static String pretty(Map<?, ?> members) throws IOException {
        return JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).asString(members) + "\n";
    }
}
