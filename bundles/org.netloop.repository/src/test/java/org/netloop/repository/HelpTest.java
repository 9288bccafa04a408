package org.netloop.repository;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.netloop.api.command.Command;

import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

import java.lang.reflect.Constructor;

/** Help texts: what an option takes has a name that a user can read. */
class HelpTest {
    @ParameterizedTest
    @ValueSource(
            classes = {
                ChannelCommand.class,
                DiffCommand.class,
                GcCommand.class,
                ImageCommand.class,
                SyncCommand.class
            })
    void optionsNameWhatTheyTake(Class<?> command) {
        check(new CommandLine(command, new Nothing()));
    }

    private static void check(CommandLine line) {
        assertThat(line.getCommandSpec().options())
                .filteredOn(option -> option.arity().max() > 0)
                .extracting(OptionSpec::paramLabel)
                .allMatch(label -> label.matches("[A-Z|:=-]+"), "in capitals");
        line.getSubcommands().values().forEach(HelpTest::check);
    }

    /** Makes commands of nothing: only their annotations are looked at. */
    private static final class Nothing implements CommandLine.IFactory {
        @Override
        public <K> K create(Class<K> type) throws Exception {
            if (!Command.class.isAssignableFrom(type)) {
                return CommandLine.defaultFactory().create(type);
            }
            Constructor<?> made = type.getConstructors()[0];
            return type.cast(made.newInstance(new Object[made.getParameterCount()]));
        }
    }
}
