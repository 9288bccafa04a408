package org.netloop.itest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Help texts of all commands and their subcommands, as a terminal of 80 columns shows them. */
final class HelpTextsTest extends RuntimeTest {
    private static final Duration WITHIN = Duration.ofSeconds(120);
    private static final int COLUMNS = 80;
    private static final Pattern LISTED = Pattern.compile("(?m)^  ([a-z]+) +[A-Z]");

    /** A parameter or an option that nothing is said about, in its line or below. */
    private static final Pattern UNSAID =
            Pattern.compile("(?m)^ {2,6}(?:-|\\[?[A-Z])\\S*$(?!\\n {20,})");

    /** A word that a line break divides: a place, a name of a setting, or a reference. */
    private static final Pattern DIVIDED =
            Pattern.compile("(?m)\\w[.:]$\\n {20,}(?:\\w[\\w.]*[.=]\\w|//)|[A-Z]$\\n +\\[#|unix:$");

    private static final Pattern STALE = Pattern.compile("\\bnull\\b|TODO|\\$\\{|Exception");

    @Test
    void everyParameterIsExplainedWithinALine() throws IOException, InterruptedException {
        Files.writeString(
                directory("conf").resolve("root.json"),
                """
                {"org.netloop.volume~root": {"name": "root", "reference": "REPO"}}
                """
                        .replace("REPO", repository(Images.random(16)).toString()));
        Program service = netloop("run", at("conf").toString(), "--state", at("state").toString());
        Await.until("the deployment answers", WITHIN, () -> Files.exists(at("state/control.sock")));

        String root = netloop("--help").end().well().out();
        check(root);
        // Two are picocli's own, and not of a shell.
        List<String> commands =
                listed(root).stream()
                        .filter(name -> !List.of("help", "completion", "shell").contains(name))
                        .toList();
        String first = helpOf(commands);
        check(first);
        String second =
                helpOf(
                        Pattern.compile("(?ms)^Usage: netloop ([a-z]+) (.*?)(?=^Usage: |\\z)")
                                .matcher(first)
                                .results()
                                .filter(text -> text.group(2).contains("\nCommands:\n"))
                                .flatMap(HelpTextsTest::below)
                                .toList());
        check(second);
        assertThat(second).contains("Usage: netloop overlay snapshot", "Usage: netloop channel rm");
        assertThat(service.terminate().end().exit()).isZero();
    }

    private static Stream<String> below(MatchResult text) {
        return listed(text.group(2)).stream().map(name -> text.group(1) + " " + name);
    }

    private static List<String> listed(String help) {
        String commands = help.substring(help.indexOf("\nCommands:\n"));
        return LISTED.matcher(commands).results().map(one -> one.group(1)).toList();
    }

    /** Asks one shell for all of them, as a process for each takes minutes. */
    private String helpOf(List<String> commands) throws IOException, InterruptedException {
        String lines =
                commands.stream().map(name -> name + " --help\n").collect(Collectors.joining());
        Path input = Files.writeString(at("input"), lines);
        String told =
                netloop(Map.of(), input, "shell", "--state", at("state").toString())
                        .end()
                        .well()
                        .out();
        assertThat(told.lines().filter(line -> line.startsWith("Usage: netloop ")))
                .hasSize(commands.size());
        return told;
    }

    private static void check(String help) {
        assertThat(help.lines()).allMatch(line -> line.length() <= COLUMNS, "within a line");
        assertThat(help).doesNotContainPattern(STALE);
        assertThat(UNSAID.matcher(help).results().map(MatchResult::group))
                .as("what is not explained")
                .isEmpty();
        assertThat(DIVIDED.matcher(help).results().map(MatchResult::group))
                .as("divided words")
                .isEmpty();
    }
}
