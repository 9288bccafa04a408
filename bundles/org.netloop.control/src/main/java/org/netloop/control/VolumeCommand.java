package org.netloop.control;

import org.netloop.api.command.Command;
import org.netloop.control.map.MapText;
import org.netloop.control.socket.ControlSocket;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ServiceScope;

import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
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
            description = "Lists volumes with their state and attachments.")
    int list(
            @Mixin StateOption state,
            @Option(
                            names = "--json",
                            description = "Print volumes and attachments as one JSON object")
                    boolean json)
            throws IOException {
        Status status = Status.ask(state);
        List<Status.Part> volumes = status.parts("volume");
        List<Status.Part> attachments = status.parts("attachment");
        if (json) {
            System.out.println(Status.json(Map.of("volumes", volumes, "attachments", attachments)));
            return OK;
        }
        status.refusal().ifPresent(why -> System.out.println("the files are refused: " + why));
        Listing table = new Listing("VOLUME", "STATE", "REFERENCE");
        for (Status.Part volume : volumes) {
            table.row(volume.name(), volume.state(), volume.text("netloop_volume_reference"));
            volume.message().ifPresent(table::detail);
            attachments.stream()
                    .filter(each -> each.isLabelled("volume", volume.name()))
                    .forEach(each -> attachment(each, table));
        }
        table.print(System.out);
        return OK;
    }

    private static void attachment(Status.Part attachment, Listing table) {
        String where = attachment.text("netloop_attachment_address");
        table.detail(
                where.isEmpty() ? attachment.name() + ": " + attachment.state() : "at " + where);
        attachment.message().ifPresent(table::detail);
    }

    @CommandLine.Command(
            name = "set",
            mixinStandardHelpOptions = true,
            description =
                    "Changes settings of a volume at once and in its file; separate the"
                            + " values of a list by commas.")
    int set(
            @Mixin StateOption state,
            @Parameters(
                            paramLabel = "VOLUME",
                            description = "The volume's name",
                            completionCandidates = LiveNames.Volumes.class)
                    String volume,
            @Parameters(
                            paramLabel = "KEY=VALUE",
                            arity = "1..*",
                            description = "Settings to change")
                    List<String> pairs)
            throws IOException {
        ControlSocket.ask(
                        state.socket(),
                        Map.of("do", "volume.set", "volume", volume, "set", Answers.pairs(pairs)))
                .forEach(Answers::tell);
        return OK;
    }

    @CommandLine.Command(
            name = "map",
            mixinStandardHelpOptions = true,
            description = {
                "Shows where the blocks of a volume are, in a line with one character for each"
                        + " part of it, and the share of each place below. Fetches nothing.",
                "What is being fetched is shown first, then the most frequent place of a part."
            })
    int map(
            @Mixin StateOption state,
            @Mixin Chosen chosen,
            @Option(
                            names = "--columns",
                            paramLabel = "COUNT",
                            defaultValue = "80",
                            description = "Parts that are shown, 1024 at most (80)")
                    int columns)
            throws IOException {
        Map<String, Object> answer =
                ControlSocket.ask(
                        state.socket(),
                        Map.of("do", "volume.map", "volume", chosen.volume, "cells", columns));
        MapText text = new MapText(answer);
        System.out.println(text.line());
        System.out.println(text.legend());
        return OK;
    }

    @CommandLine.Command(
            name = "update",
            mixinStandardHelpOptions = true,
            description =
                    "Looks at the channel of a volume now, and takes another image by the volume's"
                            + " setting 'update'.")
    int update(@Mixin StateOption state, @Mixin Chosen chosen) throws IOException {
        return follow(state, chosen, "update");
    }

    @CommandLine.Command(
            name = "switch",
            mixinStandardHelpOptions = true,
            description =
                    "Moves all attachments of a volume to its newest image: they are made again, and"
                            + " NBD clients reconnect.")
    int switchOver(@Mixin StateOption state, @Mixin Chosen chosen) throws IOException {
        return follow(state, chosen, "switch");
    }

    @CommandLine.Command(
            name = "rollback",
            mixinStandardHelpOptions = true,
            description =
                    "Returns a volume to the image before the last update, without a download; the"
                            + " image that it leaves is not taken again until the volume is opened"
                            + " anew.")
    int rollback(@Mixin StateOption state, @Mixin Chosen chosen) throws IOException {
        return follow(state, chosen, "rollback");
    }

    /** The volume that a command is about. */
    static final class Chosen {
        @Parameters(
                paramLabel = "VOLUME",
                description = "The volume's name",
                completionCandidates = LiveNames.Volumes.class)
        private String volume = "";
    }

    private static int follow(StateOption state, Chosen chosen, String what) throws IOException {
        // Each volume has a verb of its own: without it, the answer would be the list of verbs.
        Status.ask(state).volume(chosen.volume);
        ControlSocket.ask(
                        state.socket(),
                        Map.of("do", "volume.follow." + chosen.volume, "what", what))
                .forEach(Answers::tell);
        return OK;
    }
}
