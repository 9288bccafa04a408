package org.netloop.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.netloop.api.command.Command;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.ComponentServiceObjects;

import picocli.CommandLine;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

class CommandLineHostTest {
    private final PrintStream out = System.out;
    private final PrintStream err = System.err;
    private final ByteArrayOutputStream told = new ByteArrayOutputStream();

    @BeforeEach
    void listen() {
        System.setErr(new PrintStream(told, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void restore() {
        System.setOut(out);
        System.setErr(err);
    }

    private String told() {
        return told.toString(StandardCharsets.UTF_8);
    }

    private static OutputStream full() {
        return new OutputStream() {
            @Override
            public void write(int one) {
                throw new UncheckedIOException(new IOException("No space left on device"));
            }
        };
    }

    @Test
    void helpThatCannotBeWrittenFailsWithASentence() {
        System.setOut(new PrintStream(full(), true, StandardCharsets.UTF_8));

        assertThat(new CommandLineHost().applyAsInt(new String[] {"--help"}))
                .isEqualTo(Command.FAILED);
        assertThat(told()).isEqualToIgnoringNewLines("netloop: the file system is full");
    }

    @Test
    void wrongArgumentsAreToldWithTheSynopsis() {
        assertThat(new CommandLineHost().applyAsInt(new String[] {"nosuch\u001b[2J"}))
                .isEqualTo(Command.USAGE);
        assertThat(told())
                .startsWith("netloop: ")
                .contains("--help")
                .doesNotContain("Exception", "\u001b");
    }

    @Test
    void passwordsInWrongArgumentsAreNotTold() {
        assertThat(new CommandLineHost().applyAsInt(new String[] {"http://joe:hunter2@host/x"}))
                .isEqualTo(Command.USAGE);
        assertThat(told()).contains("http://host/x").doesNotContain("hunter2");
    }

    @Test
    void pluginsNeedTheFeatureThatInstallsThem() {
        assertThat(new CommandLineHost().applyAsInt(new String[] {"--plugins=here", "ls"}))
                .isEqualTo(Command.FAILED);
        assertThat(told()).contains("--plugins cannot be used", "feature control");
    }

    @CommandLine.Command(name = "terse", description = "Says little of itself.")
    static final class Terse implements Command {
        @CommandLine.Command(name = "sub", description = "Needs a word.")
        int sub(@CommandLine.Parameters(paramLabel = "WORD") String word) {
            return word.length();
        }

        @CommandLine.Command(name = "host", description = "Has a short option of its own.")
        int host(@CommandLine.Option(names = "-h") String host) {
            return host.length();
        }

        @CommandLine.Command(name = "count", description = "Takes values of several kinds.")
        int count(
                @CommandLine.Option(names = "-n") long n, @CommandLine.Option(names = "-u") URI u) {
            return OK;
        }

        @CommandLine.Command(name = "exhaust", description = "Takes more memory than there is.")
        int exhaust() {
            throw new OutOfMemoryError("Java heap space");
        }

        @CommandLine.Command(name = "at", description = "Takes a path and labels.")
        int at(
                @CommandLine.Option(names = "-p", paramLabel = "DIR") Path path,
                @CommandLine.Option(names = "-l", paramLabel = "KEY=VALUE")
                        Map<String, String> labels) {
            return OK;
        }

        @Override
        public Integer call() {
            return OK;
        }
    }

    private record Objects(Command one) implements ComponentServiceObjects<Command> {
        @Override
        public Command getService() {
            return one;
        }

        @Override
        public void ungetService(Command service) {
            // It is not counted.
        }

        @Override
        public ServiceReference<Command> getServiceReference() {
            throw new UnsupportedOperationException();
        }
    }

    @Test
    void argumentsThatNothingTakesAreNamed() {
        CommandLineHost host = new CommandLineHost();
        host.bindCommand(new Objects(new Terse()), Map.of(Command.NAME, "terse"));

        assertThat(host.applyAsInt(new String[] {"frob", "x"})).isEqualTo(Command.USAGE);
        assertThat(host.applyAsInt(new String[] {"terse", "frob"})).isEqualTo(Command.USAGE);
        assertThat(host.applyAsInt(new String[] {"terse", "sub", "a", "b"}))
                .isEqualTo(Command.USAGE);
        assertThat(told())
                .contains("netloop: netloop has no command 'frob'")
                .contains("netloop: netloop terse has no command 'frob'")
                .contains("netloop: netloop terse sub does not take 'b'")
                .doesNotContain("Unmatched", "index");
    }

    @Test
    void valuesOfAnotherKindAreRefusedWithoutNamesOfClasses() {
        CommandLineHost host = new CommandLineHost();
        host.bindCommand(new Objects(new Terse()), Map.of(Command.NAME, "terse"));

        assertThat(host.applyAsInt(new String[] {"terse", "count", "-n", "some"}))
                .isEqualTo(Command.USAGE);
        assertThat(host.applyAsInt(new String[] {"terse", "count", "-u", "a b"}))
                .isEqualTo(Command.USAGE);
        assertThat(told())
                .contains("'-n': 'some' is not a number, or is too large")
                .contains("'-u': 'a b' is not a valid URI")
                .doesNotContain("long", "java.");
    }

    @Test
    void anErrorInAMethodIsToldWithoutItsSignature() {
        CommandLineHost host = new CommandLineHost();
        host.bindCommand(new Objects(new Terse()), Map.of(Command.NAME, "terse"));

        assertThat(host.applyAsInt(new String[] {"terse", "exhaust"})).isEqualTo(Command.FAILED);
        assertThat(told())
                .startsWith("netloop: the memory of the process does not suffice")
                .doesNotContain("calling", "org.netloop");
    }

    @Test
    void anEmptyPathAndALabelWithoutAValueAreRefused() {
        CommandLineHost host = new CommandLineHost();
        host.bindCommand(new Objects(new Terse()), Map.of(Command.NAME, "terse"));

        assertThat(host.applyAsInt(new String[] {"terse", "at", "-p", ""}))
                .isEqualTo(Command.USAGE);
        assertThat(host.applyAsInt(new String[] {"terse", "at", "-l", "word"}))
                .isEqualTo(Command.USAGE);
        assertThat(told())
                .contains("'-p': the path is empty")
                .contains("netloop: the value of option '-l'")
                .doesNotContain("option option");
    }

    @Test
    void everyCommandHasHelpAlsoOneWhoseAuthorForgotIt() {
        ByteArrayOutputStream help = new ByteArrayOutputStream();
        System.setOut(new PrintStream(help, true, StandardCharsets.UTF_8));
        CommandLineHost host = new CommandLineHost();
        host.bindCommand(new Objects(new Terse()), Map.of(Command.NAME, "terse"));

        for (String[] asked :
                new String[][] {
                    {"terse", "--help"}, {"terse", "sub", "-h"}, {"terse", "host", "--help"}
                }) {
            assertThat(host.applyAsInt(asked)).isEqualTo(Command.OK);
        }
        assertThat(help.toString(StandardCharsets.UTF_8))
                .contains("Says little of itself.", "WORD", "Has a short option of its own.");
        assertThat(told()).isEmpty();
    }
}
