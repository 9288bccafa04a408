package org.netloop.shell;

import org.jline.reader.Completer;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.netloop.api.file.StateHome;

import java.io.IOException;
import java.nio.file.Path;

/** Reads lines at a terminal: with history, editing and completion. Ctrl-C ends what runs. */
final class Prompt {
    private static final String PROMPT = "netloop> ";

    private final Session session;
    private final Completer completer;

    Prompt(Session session, Completer completer) {
        this.session = session;
        this.completer = completer;
    }

    /** Runs until the user leaves. */
    void run() throws IOException, LeaveException {
        try (Terminal terminal =
                TerminalBuilder.builder().system(true).dumb(false).nativeSignals(true).build()) {
            terminal.handle(Terminal.Signal.INT, _ -> session.interrupt());
            LineReader reader = reader(terminal);
            while (true) {
                try {
                    session.run(reader.readLine(PROMPT));
                } catch (UserInterruptException _) {
                    // Ctrl-C at the prompt drops the line.
                } catch (EndOfFileException _) {
                    return;
                }
            }
        }
    }

    private LineReader reader(Terminal terminal) {
        DefaultParser parser = new DefaultParser();
        parser.setEofOnUnclosedQuote(true);
        parser.setEofOnUnclosedBracket(DefaultParser.Bracket.CURLY, DefaultParser.Bracket.ROUND);
        return LineReaderBuilder.builder()
                .appName("netloop")
                .terminal(terminal)
                .parser(parser)
                .completer(completer)
                .variable(LineReader.HISTORY_FILE, history())
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                .build();
    }

    private static Path history() {
        return StateHome.of(System.getenv(), "history");
    }
}
