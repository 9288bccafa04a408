package org.netloop.control;

import com.fasterxml.jackson.jr.ob.JSON;

import org.netloop.api.command.Command;
import org.netloop.control.socket.ControlSocket;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ServiceScope;

import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code netloop ask}. */
@Component(
        service = Command.class,
        scope = ServiceScope.PROTOTYPE,
        property = Command.NAME + "=ask")
@CommandLine.Command(
        name = "ask",
        mixinStandardHelpOptions = true,
        description = {
            "Sends a request to a running deployment, and prints its answer.",
            "Plugins add verbs; 'netloop ask verb.ls' lists all that the deployment answers."
        })
public final class AskCommand implements Command {
    @Mixin private StateOption state = new StateOption();

    @Parameters(index = "0", paramLabel = "VERB", description = "What is asked for: verb.ls")
    private String verb = "";

    @Parameters(
            index = "1..*",
            paramLabel = "KEY=VALUE",
            description = "The arguments of the request, as texts")
    private List<String> arguments = new ArrayList<>();

    @Option(names = "--json", description = "Print the answer as one JSON object")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        Map<String, Object> request = new LinkedHashMap<>(Answers.pairs(arguments));
        request.put("do", verb);
        Map<String, Object> answer = ControlSocket.ask(state.socket(), request);
        answer.remove("ok");
        if (json) {
            System.out.println(JSON.std.asString(answer));
        } else if (answer.get("message") instanceof String message) {
            System.out.println(message);
        } else {
            for (Map.Entry<String, Object> member : answer.entrySet()) {
                System.out.println(member.getKey() + ": " + shown(member.getValue()));
            }
        }
        return OK;
    }

    private static String shown(Object value) throws IOException {
        return value instanceof String text ? text : JSON.std.asString(value);
    }
}
