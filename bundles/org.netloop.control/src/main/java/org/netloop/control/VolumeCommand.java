package org.netloop.control;

import org.netloop.api.command.Command;
import org.netloop.control.socket.ControlSocket;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ServiceScope;

import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/** {@code netloop volume}. */
@Component(
        service = Command.class,
        scope = ServiceScope.PROTOTYPE,
        property = Command.NAME + "=volume")
@CommandLine.Command(
        name = "volume",
        mixinStandardHelpOptions = true,
        description = "Lists and changes the volumes of a running deployment.")
public final class VolumeCommand implements Command {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return USAGE;
    }

    @CommandLine.Command(
            name = "ls",
            mixinStandardHelpOptions = true,
            description = "Lists volumes and attachments, and how they are.")
    int list(@Mixin StateOption state) throws IOException {
        Map<String, Object> answer = ControlSocket.ask(state.socket(), Map.of("do", "status"));
        if (!String.valueOf(answer.get("refused")).isEmpty()) {
            System.out.println("the files are refused: " + answer.get("refused"));
        }
        for (Map<?, ?> part : Answers.rows(answer, "parts")) {
            Map<?, ?> facts = Answers.map(part, "facts");
            Object where =
                    facts.get("reference") == null ? facts.get("address") : facts.get("reference");
            System.out.printf(
                    "%-12s %-10s %s  %s%s%n",
                    part.get("kind"),
                    Answers.lower(part.get("state")),
                    part.get("name"),
                    where == null ? "" : where,
                    Answers.because(part.get("message")));
        }
        return OK;
    }

    @CommandLine.Command(
            name = "set",
            mixinStandardHelpOptions = true,
            description =
                    "Changes keys of a volume, in force and in its file; lists have commas"
                            + " between.")
    int set(
            @Mixin StateOption state,
            @Parameters(
                            paramLabel = "VOLUME",
                            description = "The volume's name",
                            completionCandidates = LiveNames.Volumes.class)
                    String volume,
            @Parameters(paramLabel = "KEY=VALUE", arity = "1..*", description = "What to set")
                    List<String> pairs)
            throws IOException {
        ControlSocket.ask(
                        state.socket(),
                        Map.of("do", "volume.set", "volume", volume, "set", Answers.pairs(pairs)))
                .forEach(Answers::tell);
        return OK;
    }
}
