package org.netloop.itest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The command line: what it prints, and its exit codes. */
final class CommandsTest extends RuntimeTest {
    private static final int USAGE = 2;
    private static final int DAMAGED = 3;

    private static Path image() throws IOException, InterruptedException {
        return Images.random(16);
    }

    private Path anyBlockFile() throws IOException {
        try (Stream<Path> files = Files.walk(at("repo/blocks"))) {
            // An index segment is small; whoever wants a block takes the largest.
            return files.filter(Files::isRegularFile)
                    .max(
                            (one, other) ->
                                    Long.compare(one.toFile().length(), other.toFile().length()))
                    .orElseThrow();
        }
    }

    @Test
    void aStartUsesWhatPrepareLeftBehind() throws IOException, InterruptedException {
        assertThat(startWith("-Xshare:on", runtime()).exit()).isZero();
    }

    @Test
    void whatPrepareLeftBehindIsPassedOverWhereItIsDamaged()
            throws IOException, InterruptedException {
        Path copy = at("installed");
        run("cp", "-r", runtime().toString(), copy.toString());
        Path classes = copy.resolve("classes.jsa");
        byte[] damaged = Files.readAllBytes(classes);
        Files.write(classes, Arrays.copyOf(damaged, damaged.length / 2));
        assertThat(startWith("-Xshare:on", copy).exit()).isNotZero();
        Program.Ended ended = startWith("-Xshare:auto", copy);
        assertThat(ended.well().err()).isEmpty();
        assertThat(ended.out()).startsWith("netloop ");
    }

    @Test
    void prepareTellsWhyARunLeftNothing() throws IOException, InterruptedException {
        Program.Ended ended = netloop("prepare", "frob").end();
        assertThat(ended.exit()).isEqualTo(1);
        assertThat(ended.err())
                .contains("'netloop frob' ended with 2")
                .contains("no command 'frob'");
        assertThat(startWith("-Xshare:on", runtime()).exit()).isZero();
    }

    private Program.Ended startWith(String option, Path home)
            throws IOException, InterruptedException {
        Map<String, String> options = Map.of("NETLOOP_JAVA_OPTS", option);
        return netloop(home, options, Path.of("/dev/null"), "--version").end();
    }

    @Test
    void attachUsesAnyFrontendAndRefusesWhatThatDoesNotKnow()
            throws IOException, InterruptedException {
        pack(image(), at("repo"));
        String[] attach = {"attach", at("repo").toString(), "unix:" + at("nbd"), "--frontend"};
        Program.Ended refused = netloop(with(attach, "nbd", "-o", "nope=1")).end();
        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.err()).contains("unknown option nope").contains("export");
        Program.Ended absent = netloop(with(attach, "tape")).end();
        assertThat(absent.exit()).isEqualTo(1);
        assertThat(absent.err()).contains("no frontend 'tape' is installed");
        netloop(with(attach, "nbd", "-o", "export=disk"))
                .awaitOutput("repo is at nbd+unix:///disk?")
                .terminate()
                .end()
                .well();
    }

    private static String[] with(String[] arguments, String... more) {
        return Stream.concat(Stream.of(arguments), Stream.of(more)).toArray(String[]::new);
    }

    @Test
    void extractWritesNeitherOverWhatItReadsNorToAFileThatIsMeantAsOutput()
            throws IOException, InterruptedException {
        pack(image(), at("repo"));
        Map<String, List<String>> refusals =
                Map.of(
                        "-",
                        List.of(at("repo").toString(), "netloop cat"),
                        image().toString(),
                        List.of(image().toString(), "is the image itself"));
        for (Map.Entry<String, List<String>> each : refusals.entrySet()) {
            String source = each.getValue().getFirst();
            Program.Ended refused = netloop("extract", "--force", source, each.getKey()).end();
            assertThat(refused.exit()).isEqualTo(1);
            assertThat(refused.err()).contains(each.getValue().getLast());
        }
    }

    @Test
    void lsAndInspectTellWhatWasPacked() throws IOException, InterruptedException {
        String digest = pack(image(), at("repo"));
        assertThat(netloop("ls", at("repo").toString()).end().well().out().lines())
                .anyMatch(line -> line.startsWith("CHANNEL ") && line.endsWith(" IMAGE"))
                .anyMatch(line -> line.startsWith("stable ") && line.endsWith(digest))
                .anyMatch(line -> line.startsWith("SIZE "))
                .anyMatch(line -> line.startsWith("16.0 MiB ") && line.contains(digest));
        assertThat(netloop("inspect", "--json", at("repo").toString()).end().well().out())
                .contains("\"image\":\"" + digest + "\"")
                .contains("\"size\":" + Files.size(image()))
                .contains("\"blockSize\":262144")
                .contains("\"codec\":\"zstd\"");
        assertThat(netloop("inspect", "--map", at("repo").toString()).end().well().out())
                .containsPattern("12582912 +4194304 +hole");
    }

    @Test
    void verifyNamesABlockFileThatIsGone() throws IOException, InterruptedException {
        pack(image(), at("repo"));
        assertThat(netloop("verify", at("repo").toString()).end().exit()).isZero();
        Path victim = anyBlockFile();
        Files.delete(victim);
        Program.Ended ended = netloop("verify", at("repo").toString()).end();
        assertThat(ended.exit()).isEqualTo(DAMAGED);
        assertThat(ended.out())
                .contains(victim.getFileName().toString())
                .contains("1 are missing or damaged");
    }

    @Test
    void verifyNamesABlockFileThatIsGarbled() throws IOException, InterruptedException {
        pack(image(), at("repo"));
        Path victim = anyBlockFile();
        byte[] bytes = Files.readAllBytes(victim);
        bytes[bytes.length / 2] ^= 1;
        Files.delete(victim);
        Files.write(victim, bytes);
        Program.Ended ended = netloop("verify", "--json", at("repo").toString()).end();
        assertThat(ended.exit()).isEqualTo(DAMAGED);
        assertThat(ended.out()).contains(victim.getFileName().toString()).contains("\"damaged\":1");
    }

    @Test
    void standardInputGivesTheDigestOfTheFile() throws IOException, InterruptedException {
        String ofFile = pack(image(), at("repo"));
        Program.Ended ofInput =
                netloop(Map.of(), image(), "pack", "--json", "-", at("other").toString()).end();
        assertThat(digest(ofInput)).isEqualTo(ofFile);
    }

    @Test
    void aSecondImageStoresOnlyWhatChanged() throws IOException, InterruptedException {
        pack(image(), at("repo"));
        Path changed = at("changed.img");
        Files.copy(image(), changed);
        run("dd", "if=/dev/zero", "of=" + changed, "bs=4K", "count=1", "seek=1000", "conv=notrunc");
        assertThat(
                        netloop("pack", "--json", changed.toString(), at("repo").toString())
                                .end()
                                .well()
                                .out())
                .contains("\"newBlocks\":1,");
    }

    @Test
    void catWritesTheBytesAskedFor() throws IOException, InterruptedException {
        String repository = repository(image()).toString();
        String[] cat = {"cat", "--no-cache", "--offset", "300001", "--length", "100", repository};
        Program asked = netloop(cat);
        asked.end().well();
        try (InputStream wanted = Files.newInputStream(image())) {
            wanted.skipNBytes(300_001);
            assertThat(asked.bytes()).isEqualTo(wanted.readNBytes(100));
        }
    }

    @Test
    void webServesARepository() throws IOException, InterruptedException {
        String repository = repository(image()).toString();
        Program web = netloop("web", "--listen", "127.0.0.1:0", repository).awaitOutput("http://");
        String uri = web.out().substring(web.out().indexOf("http://")).strip();
        netloop("extract", "--no-cache", uri, at("copy").toString()).end().well();
        assertSame(image(), at("copy"));
        assertThat(web.terminate().end().exit()).isZero();
    }

    @Test
    void demoTellsTheStoryAndCleansUp() throws IOException, InterruptedException {
        netloop("demo").end().well();
        assertThat(mounts()).isEmpty();
    }

    @Test
    void completionIsAScriptThatBashTakes() throws IOException, InterruptedException {
        String script = netloop("completion").end().well().out();
        assertThat(script).contains("complete -F").contains("extract");
        Files.writeString(at("completion.sh"), script);
        run("bash", "-n", at("completion.sh").toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nosuch",
                "pack",
                "pack --nosuch a b",
                "pack --block-size=big a b",
                "mount ref",
                "serve",
                "verify --parallel=x ref"
            })
    void wrongArgumentsAreToldApart(String line) throws IOException, InterruptedException {
        String[] arguments = line.isEmpty() ? new String[0] : line.split(" ");
        Program.Ended ended = netloop(arguments).end();
        assertThat(ended.exit()).isEqualTo(USAGE);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err())
                .containsPattern(
                        "Usage: netloop|Unknown option: '--nosuch'|'nosuch'\nDid you mean: netloop");
    }

    @Test
    void whatIsNotThereFailsWithItsName() throws IOException, InterruptedException {
        for (List<String> line :
                List.of(
                        List.of("inspect", at("nowhere").toString()),
                        List.of("pack", at("nowhere").toString(), at("repo").toString()))) {
            Program.Ended ended = netloop(line.toArray(String[]::new)).end();
            assertThat(ended.exit()).isEqualTo(1);
            assertThat(ended.err()).contains("nowhere").doesNotContain("\tat ");
        }
    }

    @Test
    void mirrorsAreMeasuredBeforeThereIsADeployment() throws IOException, InterruptedException {
        String near = published(Images.of("squashfs")).uri();
        String nobody = "http://127.0.0.1:1/";
        Program.Ended ended = netloop("mirror", "probe", nobody, near).end().well();
        List<String> lines = ended.out().lines().toList();
        assertThat(lines).hasSize(4);
        assertThat(lines.get(0)).startsWith("MEDIAN ");
        assertThat(lines.get(1)).endsWith(" ms  " + near);
        assertThat(lines.get(2)).startsWith("- ").endsWith(nobody);
        assertThat(lines.get(3)).contains(nobody).contains("refuses connections");
        assertThat(netloop("mirror", "probe", nobody).end().exit()).isEqualTo(1);
    }
}
