package org.netloop.control;

import org.netloop.api.command.Command;
import org.netloop.api.message.Sizes;
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
import java.util.stream.Collectors;

/** {@code netloop feature}. */
@Component(
        service = Command.class,
        scope = ServiceScope.PROTOTYPE,
        property = Command.NAME + "=feature")
@CommandLine.Command(
        name = "feature",
        mixinStandardHelpOptions = true,
        description = "Lists, adds and removes features of a running deployment.")
public final class FeatureCommand implements Command {
    private static final String FEATURE = "FEATURE";
    private static final String NAME = "Its name, as feature ls shows it";
    private static final String VERB = "do";
    private static final String MEMBER = "feature";
    private static final String DRY_RUN = "--dry-run";

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
            description = "Lists the features that the installation has, and which are active.")
    int list(@Mixin StateOption state) throws IOException {
        Map<String, Object> answer = ControlSocket.ask(state.socket(), Map.of(VERB, "feature.ls"));
        Listing table = new Listing("FEATURE", "STATE", "BUNDLES", "SIZE", "DESCRIPTION");
        for (Map<?, ?> row : Answers.rows(answer, "features")) {
            table.row(
                    row.get("name"),
                    row.get("state"),
                    row.get("bundles"),
                    size(row),
                    row.get("description"));
        }
        table.print(System.out);
        return OK;
    }

    private static String size(Map<?, ?> row) {
        return row.get("bytes") instanceof Number bytes ? Sizes.human(bytes.longValue()) : "";
    }

    @CommandLine.Command(
            name = "add",
            mixinStandardHelpOptions = true,
            description =
                    "Installs and starts the bundles of a feature, with all that it includes;"
                            + " none of them if one does not start.")
    int add(
            @Mixin StateOption state,
            @Option(names = DRY_RUN, description = "Only show what would be installed")
                    boolean dryRun,
            @Parameters(paramLabel = FEATURE, description = NAME) String feature)
            throws IOException {
        return tell(
                ControlSocket.ask(
                        state.socket(),
                        Map.of(VERB, "feature.add", MEMBER, feature, "dry-run", dryRun)),
                "+");
    }

    @CommandLine.Command(
            name = "remove",
            mixinStandardHelpOptions = true,
            description =
                    "Removes the bundles of a feature that no other active feature needs. Refused"
                            + " if the configuration needs them.")
    int remove(
            @Mixin StateOption state,
            @Option(names = DRY_RUN, description = "Only show what would go, and what breaks")
                    boolean dryRun,
            @Option(names = "--force", description = "Remove it even if something breaks")
                    boolean force,
            @Parameters(paramLabel = FEATURE, description = NAME) String feature)
            throws IOException {
        return tell(
                ControlSocket.ask(
                        state.socket(),
                        Map.of(
                                VERB,
                                "feature.remove",
                                MEMBER,
                                feature,
                                "dry-run",
                                dryRun,
                                "force",
                                force)),
                "-");
    }

    private static int tell(Map<String, Object> answer, String sign) {
        for (Map<?, ?> row : Answers.rows(answer, "bundles")) {
            System.out.println(
                    "%s %s %s, %s%s"
                            .formatted(
                                    sign,
                                    row.get("name"),
                                    row.get("version"),
                                    size(row),
                                    services(row)));
        }
        sentences(answer, "notes", "note: ");
        boolean breaks = sentences(answer, "breaks", "breaks: ");
        System.out.println(answer.get("message") + ", " + size(answer));
        return breaks ? FAILED : OK;
    }

    private static String services(Map<?, ?> row) {
        return row.get("services") instanceof List<?> services && !services.isEmpty()
                ? services.stream()
                        .map(each -> String.valueOf(each).replaceFirst(".*\\.", ""))
                        .collect(Collectors.joining(", ", ": ", ""))
                : "";
    }

    private static boolean sentences(Map<String, Object> answer, String member, String before) {
        if (answer.get(member) instanceof List<?> sentences) {
            sentences.forEach(each -> System.out.println(before + each));
            return !sentences.isEmpty();
        }
        return false;
    }
}
