package org.netloop.console;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;

import org.jspecify.annotations.Nullable;
import org.netloop.api.control.DeploymentControl;
import org.netloop.api.message.Failures;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** The answer of the deployment to one request that changes nothing. Thread-safe. */
final class ReadPage implements HttpHandler {
    private static final Pattern VALUE = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    /** Answers that are made at a time: some take a part of a second. */
    private static final int AT_A_TIME = 2;

    private final String verb;
    private final Set<String> parameters;
    private final Supplier<@Nullable DeploymentControl> control;
    private final Semaphore places = new Semaphore(AT_A_TIME);

    /**
     * @param verb of the request
     * @param parameters of the page's address, which are members of the request
     * @param control gives what answers; null if nothing does
     */
    ReadPage(String verb, Set<String> parameters, Supplier<@Nullable DeploymentControl> control) {
        this.verb = verb;
        this.parameters = parameters;
        this.control = control;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        DeploymentControl deployment = control.get();
        Map<String, String> members = members(exchange.getRequestURI().getRawQuery());
        if (members == null) {
            Answer.text(
                    exchange,
                    Answer.BAD_REQUEST,
                    "expected " + String.join(", ", parameters) + ", each NAME=VALUE");
        } else if (deployment == null || !places.tryAcquire()) {
            exchange.getResponseHeaders().set("Retry-After", "1");
            Answer.text(exchange, Answer.UNAVAILABLE, "not now; try again");
        } else {
            try {
                answer(exchange, deployment, members);
            } finally {
                places.release();
            }
        }
    }

    private void answer(
            HttpExchange exchange, DeploymentControl deployment, Map<String, String> members)
            throws IOException {
        Map<String, Object> answer;
        try {
            answer = deployment.ask(verb, members);
        } catch (IOException e) {
            Answer.text(exchange, Answer.NOT_FOUND, Failures.sentence(e));
            return;
        }
        Answer.json(exchange, answer);
    }

    /** The parameters of an address; null if it has others, or malformed ones. */
    private @Nullable Map<String, String> members(@Nullable String query) {
        Map<String, String> members = new LinkedHashMap<>();
        if (query == null) {
            return members;
        }
        for (String part : query.split("&", parameters.size() + 1)) {
            int equals = part.indexOf('=');
            String name = part.substring(0, Math.max(0, equals));
            String value = part.substring(equals + 1);
            if (!parameters.contains(name) || !VALUE.matcher(value).matches()) {
                return null;
            }
            members.put(name, value);
        }
        return members;
    }
}
