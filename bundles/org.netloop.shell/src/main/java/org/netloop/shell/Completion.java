package org.netloop.shell;

import org.jline.builtins.Completers.FileNameCompleter;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;

import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Completes subcommands, options and what they take: by their annotations, and files where a
 * command takes one.
 */
final class Completion implements Completer {
    private static final Set<String> BETWEEN = Set.of(";", "|", "{");

    private final CommandSpec commands;
    private final Completer files = new FileNameCompleter();

    /** Completes everything below the given command. */
    Completion(CommandLine commands) {
        this.commands = commands.getCommandSpec();
    }

    @Override
    public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
        int begin = line.wordIndex();
        while (begin > 0 && !BETWEEN.contains(line.words().get(begin - 1))) {
            begin--;
        }
        List<String> words = line.words().subList(begin, line.words().size());
        int index = line.wordIndex() - begin;
        List<CharSequence> found = new ArrayList<>();
        AutoComplete.complete(
                commands, words.toArray(String[]::new), index, 0, line.cursor(), found);
        for (CharSequence text : found) {
            // Options are offered to who begins one.
            if (line.word().startsWith("-") || text.charAt(0) != '-') {
                candidates.add(new Candidate(text.toString()));
            }
        }
        if (takesFile(words.subList(0, index))) {
            files.complete(reader, line, candidates);
        }
    }

    private boolean takesFile(List<String> words) {
        CommandSpec command = commands;
        for (String word : words) {
            CommandLine below = command.subcommands().get(word);
            if (below != null) {
                command = below.getCommandSpec();
            }
        }
        return command.positionalParameters().stream()
                .map(PositionalParamSpec::typeInfo)
                .anyMatch(type -> type.getType() == Path.class);
    }
}
