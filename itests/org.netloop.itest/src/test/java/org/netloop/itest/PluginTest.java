package org.netloop.itest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Common base of the tests of plugins: a runtime of their own, to which bundles are added. */
abstract class PluginTest extends RuntimeTest {
    private static final Path NULL = Path.of("/dev/null");

    /** A copy of the runtime, in the scratch directory. */
    Path home() throws IOException, InterruptedException {
        Path home = at("home");
        if (!Files.exists(home)) {
            // With its times, without which its class archive would not be used.
            run("cp", "-a", runtime() + "/.", home.toString());
        }
        return home;
    }

    /** Adds a bundle to the copy, as the feature of that name. */
    void add(Path jar, String feature) throws IOException, InterruptedException {
        Files.copy(jar, home().resolve("bundles").resolve(jar.getFileName()));
        String[] parts = jar.getFileName().toString().replaceFirst("\\.jar$", "").split("-", 2);
        Files.writeString(
                home().resolve("features/" + feature + ".json"),
                """
                {"feature-resource-version": "1.0", "id": "com.example:%s:1.0.0",
                 "bundles": ["com.example:%s:%s"]}
                """
                        .formatted(feature, parts[0], parts[1]),
                UTF_8);
    }

    /** Starts a program that finds {@code netloop} of the copy on its path. */
    Program start(Map<String, String> more, String... command)
            throws IOException, InterruptedException {
        Map<String, String> environment = new HashMap<>(Plugins.environment());
        String java = System.getProperty("java.home");
        environment.put("JAVA_HOME", java);
        environment.put("XDG_CACHE_HOME", at("xdg").toString());
        environment.put("XDG_STATE_HOME", at("xdg-state").toString());
        environment.put("NETLOOP_HOME", home().toString());
        environment.put("NETLOOP_JAVA_OPTS", COMPILED_ONCE);
        environment.put(
                "PATH", home().resolve("bin") + ":" + java + "/bin:/usr/bin:/bin:/usr/sbin:/sbin");
        environment.putAll(more);
        return kept(Program.start(at(""), NULL, environment, command));
    }

    /** Runs {@code netloop} of the copy, with the features that are told beside everything. */
    Program.Ended netloopWith(String features, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(home().resolve("bin/netloop").toString());
        command.addAll(List.of(arguments));
        return start(Map.of("NETLOOP_FEATURES", features), command.toArray(String[]::new)).end();
    }

    /** Verifies a plugin. */
    Program.Ended verify(Path jar, String... options) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("plugin", "verify"));
        arguments.addAll(List.of(options));
        arguments.add(jar.toString());
        return netloopWith("everything", arguments.toArray(String[]::new));
    }
}
