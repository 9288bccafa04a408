package org.netloop.itest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** The example plugins, by their own words: built, verified, and serving a real image. */
final class ExamplesTest extends PluginTest {
    private static final int FILES = 6;
    private static final Duration README_WITHIN = Duration.ofMinutes(8);
    private static final String SHELL = "```sh\n";

    @ParameterizedTest
    @ValueSource(strings = {"plugin-codec", "plugin-transport"})
    void itDoesWhatItsReadmeSays(String name) throws IOException, InterruptedException {
        Program.Ended ended = followReadme(Plugins.copy(name, directory("clone")), "mvn");
        assertThat(ended.out()).contains("verdict    good").contains("0 failed");
    }

    /**
     * Runs the commands of a project's README in the project, with an image of a file system.
     *
     * @param maven how they call Maven
     */
    private Program.Ended followReadme(Path project, String maven)
            throws IOException, InterruptedException {
        String readme = Files.readString(project.resolve("README.md"));
        int begin = readme.indexOf(SHELL) + SHELL.length();
        String commands =
                readme.substring(begin, readme.indexOf("```", begin)).replace("mvn ", maven + " ");
        return start(
                        Map.of("IMAGE", Images.of("ext4").toString(), "SCRATCH", at("").toString()),
                        "bash",
                        "-euo",
                        "pipefail",
                        "-c",
                        "cd '" + project + "'\n" + commands)
                .runFor(README_WITHIN)
                .end()
                .well();
    }

    @Test
    void anImageOfTheCodecIsMounted() throws IOException, InterruptedException {
        add(Plugins.codec(), "codec-rle");
        String features = "everything,codec-rle";
        String repository = at("repo").toString();
        netloopWith(features, "pack", "--codec", "rle", Images.of("ext4").toString(), repository)
                .well();
        Program mount =
                start(
                                Map.of("NETLOOP_FEATURES", features),
                                home().resolve("bin/netloop").toString(),
                                "mount",
                                "--name",
                                "root",
                                repository,
                                directory("mnt").toString(),
                                "--loop")
                        .awaitOutput("root is at");
        run(
                "diff",
                "-r",
                "--no-dereference",
                "-x",
                "lost+found",
                Images.tree().toString(),
                at("mnt/root").toString());
        assertThat(mount.terminate().end().exit()).isZero();
    }

    @Test
    void anImageOfTheCodecIsNotReadWithoutIt() throws IOException, InterruptedException {
        add(Plugins.codec(), "codec-rle");
        String repository = at("repo").toString();
        // Of noise, blocks are stored as they are, and nothing needs the codec.
        String image = Images.of("ext4").toString();
        netloopWith("everything,codec-rle", "pack", "--codec", "rle", image, repository).well();
        Program.Ended cat = netloopWith("everything", "cat", "--no-cache", repository);
        assertThat(cat.exit()).isEqualTo(1);
        assertThat(cat.err()).contains("codec-rle");
    }

    @ParameterizedTest
    @CsvSource({
        "codec, fold",
        "transport, paper",
        "format, my-map",
        "cache, shelf",
        "mirror, near-by",
        "frontend, window",
        "command, count-all"
    })
    void aNewPluginBuildsWithoutANetworkAndIsVerified(String contract, String name)
            throws IOException, InterruptedException {
        netloopWith("everything", "plugin", "new", "--contract", contract, name).well();
        try (Stream<Path> all = Files.walk(at(name))) {
            List<Path> files = all.filter(Files::isRegularFile).toList();
            assertThat(files).hasSize(FILES);
            for (Path file : files) {
                assertThat(Files.readString(file))
                        .doesNotContainPattern(
                                "\\b[Rr]le|[Zz]iprepo|[Mm]osaic|[Aa]ttic|[Hh]omeland|[Oo]nweb"
                                        + "|[Gg]apcount");
            }
        }
        followReadme(at(name), "mvn -o");
    }

    @Test
    void whatExistsIsNotMadeAgain() throws IOException, InterruptedException {
        directory("fold");
        Program.Ended ended = netloopWith("everything", "plugin", "new", "fold");
        assertThat(ended.exit()).isEqualTo(1);
        assertThat(ended.err()).contains("fold already exists");
    }

    private void offline(Path project) throws IOException, InterruptedException {
        String pom = project.resolve("pom.xml").toString();
        start(Map.of(), "mvn", "-B", "-q", "-o", "-f", pom, "verify").end().well();
    }

    @Test
    void aLibraryIsKeptInside() throws IOException, InterruptedException {
        netloopWith("everything", "plugin", "new", "--library", "org.tukaani:xz:1.12", "packer")
                .well();
        offline(at("packer"));
        Path jar = at("packer/target/com.example.packer-1.0.0.jar");
        try (JarFile file = new JarFile(jar.toFile())) {
            // It has classes for several versions of Java.
            assertThat(file.getEntry("lib/xz.jar")).isNotNull();
            assertThat(file.getManifest().getMainAttributes().getValue("Bundle-ClassPath"))
                    .isEqualTo(".,lib/xz.jar");
        }
        assertThat(verify(jar).well().out()).contains("verdict    good");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Upper", "a--b", "a-", "int", "waytoolongforanid0"})
    void aNameThatNothingCanHaveIsRefused(String name) throws IOException, InterruptedException {
        Program.Ended ended = netloopWith("everything", "plugin", "new", name);
        assertThat(ended.exit()).isPositive();
        assertThat(ended.err()).contains(name).doesNotContain("\tat ");
        assertThat(at(name)).doesNotExist();
    }
}
