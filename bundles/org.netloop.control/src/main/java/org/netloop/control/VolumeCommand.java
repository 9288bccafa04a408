package org.netloop.control;

import org.jspecify.annotations.Nullable;
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
import java.util.Objects;

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
            description = "Lists volumes, where they are attached, and how they are.")
    int list(@Mixin StateOption state) throws IOException {
        Map<String, Object> answer = ControlSocket.ask(state.socket(), Map.of("do", "status"));
        Answers.told(answer, "refused")
                .ifPresent(why -> System.out.println("the files are refused: " + why));
        List<Map<?, ?>> parts = Answers.rows(answer, "parts");
        Listing table = new Listing("VOLUME", "STATE", "REFERENCE");
        for (Map<?, ?> volume : parts) {
            if ("volume".equals(volume.get("kind"))) {
                table.row(
                        volume.get("name"),
                        Answers.lower(volume.get("state")),
                        Answers.map(volume, "facts").get("reference"));
                Answers.told(volume, "message").ifPresent(table::detail);
                attachments(parts, volume.get("name"), table);
            }
        }
        table.print(System.out);
        return OK;
    }

    private static void attachments(List<Map<?, ?>> parts, @Nullable Object volume, Listing table) {
        for (Map<?, ?> part : parts) {
            Map<?, ?> facts = Answers.map(part, "facts");
            if ("attachment".equals(part.get("kind"))
                    && Objects.equals(volume, facts.get("volume"))) {
                Object where = facts.get("address");
                table.detail(
                        where == null
                                ? part.get("name") + ": " + Answers.lower(part.get("state"))
                                : "at " + where);
                Answers.told(part, "message").ifPresent(table::detail);
            }
        }
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
