package org.netloop.shell;

import static org.assertj.core.api.Assertions.assertThat;

import org.jline.reader.Candidate;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.Parser;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.DumbTerminal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Tests the candidates offered for the beginning of a line. */
class CompletionTest {
    @TempDir Path directory;

    private static final class Names extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        Names() {
            super(List.of("root", "data"));
        }
    }

    @Command(name = "netloop")
    private static final class Root {}

    @Command(name = "mirror")
    private static final class Mirror {
        @Command(name = "ls")
        int list(
                @Option(names = "--state") String state,
                @Parameters(completionCandidates = Names.class) String volume) {
            return 0;
        }

        @Command(name = "read")
        int read(@Parameters Path file) {
            return 0;
        }
    }

    private static List<String> offered(String text) throws IOException {
        CommandLine tree = new CommandLine(new Root()).addSubcommand(new Mirror());
        try (Terminal terminal =
                new DumbTerminal(
                        new ByteArrayInputStream(new byte[0]), OutputStream.nullOutputStream())) {
            LineReader reader = LineReaderBuilder.builder().terminal(terminal).build();
            List<Candidate> candidates = new ArrayList<>();
            new Completion(tree)
                    .complete(
                            reader,
                            new DefaultParser()
                                    .parse(text, text.length(), Parser.ParseContext.COMPLETE),
                            candidates);
            return candidates.stream().map(Candidate::value).sorted().toList();
        }
    }

    @Test
    void subcommandsAndNamesAreOffered() throws IOException {
        assertThat(offered("")).containsExactly("mirror");
        assertThat(offered("mirror ")).containsExactly("ls", "read");
        assertThat(offered("mirror ls ")).containsExactly("data", "root");
    }

    @Test
    void optionsAreOfferedToWhoBeginsOne() throws IOException {
        assertThat(offered("mirror ls -")).contains("--state");
    }

    @Test
    void aCommandBehindAnotherOneIsCompletedByItself() throws IOException {
        assertThat(offered("mirror ls root ; mirror ")).containsExactly("ls", "read");
        assertThat(offered("mirror ls root | ")).containsExactly("mirror");
    }

    @Test
    void filesAreOfferedWhereOneIsTaken() throws IOException {
        Files.createFile(directory.resolve("codec.jar"));
        assertThat(offered("mirror read " + directory + "/c"))
                .containsExactly(directory + "/codec.jar");
        assertThat(offered("mirror ls " + directory + "/c"))
                .doesNotContain(directory + "/codec.jar");
    }
}
