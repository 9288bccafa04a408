package org.netloop.itest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.netloop.tck.Machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Common base of the tests of the runtime: a scratch directory, programs, and their end. */
abstract class RuntimeTest {
    /** Most of these processes end before the optimizing compiler has paid for itself. */
    static final String COMPILED_ONCE = "-XX:TieredStopAtLevel=1";

    private static final Duration LOOPS_WITHIN = Duration.ofSeconds(30);
    private static final Path NULL = Path.of("/dev/null");
    private static final Pattern DIGEST = Pattern.compile("\"image\":\"(sha256:[0-9a-f]{64})\"");

    private final List<Program> programs = new ArrayList<>();
    private final List<Nginx> servers = new ArrayList<>();
    private Path scratch = NULL;

    /** Prepares the runtime as after an installation, which hundreds of starts benefit from. */
    @BeforeAll
    static void prepare() throws IOException, InterruptedException {
        Shared.once(
                "prepared",
                mark -> {
                    String netloop = runtime().resolve("bin/netloop").toString();
                    Map<String, String> environment =
                            Map.of("JAVA_HOME", System.getProperty("java.home"));
                    Program.start(Shared.home(), NULL, environment, netloop, "prepare")
                            .end()
                            .well();
                    Files.createFile(mark);
                });
    }

    @BeforeEach
    void makeScratch() throws IOException {
        scratch = Files.createTempDirectory("netloop-itest");
    }

    /** Cleans up after success and failure: leaves no process, mount, loop device or file. */
    @AfterEach
    void cleanUp() throws IOException, InterruptedException {
        programs.forEach(Program::terminate);
        for (Program program : programs) {
            program.runFor(Duration.ofSeconds(5)).kill();
        }
        servers.forEach(Nginx::kill);
        List<String> mounts = mounts();
        Collections.reverse(mounts);
        for (String mount : mounts) {
            cleaner("umount", "-l", mount);
        }
        for (String device : loopDevices()) {
            cleaner("losetup", "-d", device);
        }
        cleaner("rm", "-rf", "--one-file-system", scratch.toString());
    }

    /** Not in the scratch directory, which goes. */
    private static void cleaner(String... command) throws IOException, InterruptedException {
        Program.start(Shared.home(), NULL, Map.of(), command).end();
    }

    /** Mounts beneath the scratch directory, outer ones first. */
    List<String> mounts() throws IOException {
        return new ArrayList<>(
                Files.readAllLines(Path.of("/proc/self/mounts")).stream()
                        .map(line -> line.split(" ")[1])
                        .filter(place -> place.startsWith(scratch.toString() + "/"))
                        .toList());
    }

    /** Loop devices over files beneath the scratch directory. */
    List<String> loopDevices() throws IOException, InterruptedException {
        return start("losetup", "--list", "--noheadings", "--output", "NAME,BACK-FILE")
                .end()
                .out()
                .lines()
                .filter(line -> line.contains(scratch.toString() + "/"))
                .map(line -> line.strip().split("\\s+")[0])
                .toList();
    }

    /** The kernel frees a loop device when its last user is gone, which may be one that looks. */
    void assertNoLoopDeviceIsLeft() throws IOException, InterruptedException {
        long end = System.nanoTime() + LOOPS_WITHIN.toNanos();
        while (!loopDevices().isEmpty() && System.nanoTime() - end < 0) {
            Thread.onSpinWait();
        }
        assertThat(loopDevices()).isEmpty();
    }

    /** A path in the scratch directory. */
    Path at(String name) {
        return scratch.resolve(name);
    }

    /** An empty directory in the scratch directory. */
    Path directory(String name) throws IOException {
        return Files.createDirectories(at(name));
    }

    /** Starts a program of the system. */
    Program start(String... command) throws IOException {
        return kept(Program.start(scratch, NULL, Map.of(), command));
    }

    /** Runs a program of the system, which must end well. */
    Program.Ended run(String... command) throws IOException, InterruptedException {
        return start(command).end().well();
    }

    /** The assembled runtime. */
    static Path runtime() {
        String home =
                System.getProperty("netloop.itest.runtime", "../../runtime/dist/target/netloop");
        return Path.of(home).toAbsolutePath().normalize();
    }

    /** Starts {@code netloop} with the caches of nobody. */
    Program netloop(String... arguments) throws IOException {
        return netloop(Map.of(), NULL, arguments);
    }

    /** Starts {@code netloop} with more environment, and a file as its standard input. */
    Program netloop(Map<String, String> more, Path input, String... arguments) throws IOException {
        return netloop(runtime(), more, input, arguments);
    }

    /** Starts {@code netloop} of another place than the assembled runtime. */
    Program netloop(Path home, Map<String, String> more, Path input, String... arguments)
            throws IOException {
        if (List.of(arguments).contains("mount")) {
            Machine.needsFuse();
        }
        List<String> command = new ArrayList<>();
        command.add(home.resolve("bin/netloop").toString());
        command.addAll(List.of(arguments));
        Map<String, String> environment = new HashMap<>(more);
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        if (!List.of(arguments).contains("pack")) {
            environment.putIfAbsent("NETLOOP_JAVA_OPTS", COMPILED_ONCE);
        }
        environment.put("XDG_CACHE_HOME", at("cache-home").toString());
        // Of this test alone: another one's channels may have been at the same address.
        environment.putIfAbsent("XDG_STATE_HOME", at("state-home").toString());
        return kept(Program.start(scratch, input, environment, command.toArray(String[]::new)));
    }

    Program kept(Program program) {
        programs.add(program);
        return program;
    }

    /** Packs an image into a repository; returns its digest. */
    String pack(Path image, Path repository) throws IOException, InterruptedException {
        return digest(netloop("pack", "--json", image.toString(), repository.toString()).end());
    }

    static String digest(Program.Ended pack) {
        return digestIn(pack.well().out());
    }

    /** The digest of an image that is told in JSON. */
    static String digestIn(String json) {
        Matcher matcher = DIGEST.matcher(json);
        assertThat(matcher.find()).as("a digest in %s", json).isTrue();
        return matcher.group(1);
    }

    /** Serves a repository by nginx. */
    Nginx nginx(Path repository) throws IOException {
        return kept(Nginx.start(directory("nginx-" + servers.size()), repository));
    }

    Nginx kept(Nginx server) {
        servers.add(server);
        return server;
    }

    /** Serves an image by nginx, from a repository that is packed once for all tests. */
    Nginx published(Path image) throws IOException, InterruptedException {
        return nginx(repository(image));
    }

    /** Returns a repository of an image that is packed once for all tests, which only read it. */
    Path repository(Path image) throws IOException, InterruptedException {
        return Shared.once(image.getFileName() + ".repository", place -> pack(image, place));
    }

    /** Starts {@code netloop mount} of a volume called root, and waits until it is there. */
    Program mount(String reference, Path directory, String... more) throws IOException {
        List<String> arguments =
                new ArrayList<>(
                        List.of("mount", "--name", "root", reference, directory.toString()));
        arguments.addAll(List.of(more));
        return netloop(arguments.toArray(String[]::new)).awaitOutput("root is at");
    }

    /** Starts {@code netloop serve} of a volume called root at a unix socket, and waits. */
    Program serve(String reference, Path socket, String... more) throws IOException {
        List<String> arguments =
                new ArrayList<>(
                        List.of("serve", "--name", "root", "--nbd", "unix:" + socket, reference));
        arguments.addAll(List.of(more));
        return netloop(arguments.toArray(String[]::new)).awaitOutput("root is at");
    }

    static String nbd(Path socket) {
        return "nbd+unix:///root?socket=" + socket;
    }

    void assertSame(Path one, Path other) throws IOException, InterruptedException {
        run("cmp", one.toString(), other.toString());
    }
}
