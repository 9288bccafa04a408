package org.netloop.control;

import com.fasterxml.jackson.jr.ob.JSON;

import org.netloop.api.command.Command;
import org.netloop.api.health.HealthStatus;
import org.netloop.control.socket.ControlSocket;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ServiceScope;

import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code netloop status}. */
@Component(
        service = Command.class,
        scope = ServiceScope.PROTOTYPE,
        property = Command.NAME + "=status")
@CommandLine.Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Shows the health of a running deployment, and its parts, on one screen.",
        exitCodeListHeading = "%nExit codes, by the worst health:%n",
        exitCodeList = {
            "0:ok",
            "1:the deployment did not answer",
            "4:warn: clients are served, and someone should look",
            "5:temporarily unavailable: expected to pass by itself",
            "6:critical: needs a person"
        })
public final class StatusCommand implements Command {
    private static final int BEFORE_WARN = 3;

    @Mixin private StateOption state = new StateOption();

    @Option(names = "--json", description = "Print health and all parts as one JSON object")
    private boolean json;

    @Option(
            names = "--measures",
            description = "List all parts with all their measures; exits with 0")
    private boolean measures;

    @Override
    public Integer call() throws IOException {
        Status status = Status.ask(state);
        if (measures) {
            list(status);
            return OK;
        }
        Map<String, Object> health = ControlSocket.ask(state.socket(), Map.of("do", "health"));
        health.remove("ok");
        if (json) {
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("health", health);
            all.put("parts", status.parts().stream().map(Status.Part::row).toList());
            System.out.println(JSON.std.asString(all));
        } else {
            new Screen(System.out).print(health, status);
        }
        return exitCode(String.valueOf(health.get("status")));
    }

    /** Returns the exit code; a word that a newer deployment says is the worst. */
    static int exitCode(String word) {
        HealthStatus said =
                Arrays.stream(HealthStatus.values())
                        .filter(each -> each.name().equals(word))
                        .findFirst()
                        .orElse(HealthStatus.CRITICAL);
        return said == HealthStatus.OK ? OK : BEFORE_WARN + said.ordinal();
    }

    private static void list(Status status) {
        status.refusal().ifPresent(why -> System.out.println("the files are refused: " + why));
        Listing table = new Listing("KIND", "STATE", "NAME");
        for (Status.Part part : status.parts()) {
            table.row(part.kind(), part.state(), part.name());
            part.message().ifPresent(table::detail);
            part.lines().forEach(table::detail);
        }
        table.print(System.out);
    }
}
