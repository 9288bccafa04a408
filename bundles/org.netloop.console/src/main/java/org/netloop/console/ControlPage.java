package org.netloop.console;

import com.fasterxml.jackson.jr.ob.JSON;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;

import org.jspecify.annotations.Nullable;
import org.netloop.api.control.DeploymentControl;
import org.netloop.api.message.Failures;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Passes changes on to the deployment, as its control socket does, from whoever shows the token in
 * a header that other sites' pages cannot send. Thread-safe.
 */
final class ControlPage implements HttpHandler {
    /** Path of the page. */
    static final String PATH = "/control";

    /** Header with the token. */
    static final String TOKEN = "Netloop-Token";

    private static final Logger LOG = LoggerFactory.getLogger(ControlPage.class);
    private static final int LONGEST = 16 << 10;

    /** Shorter than the server leaves a request for its answer. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(20);

    private final Token token;
    private final Tries tries;
    private final Supplier<@Nullable DeploymentControl> control;

    /**
     * @param control gives what answers requests; null if nothing does
     */
    ControlPage(Token token, Tries tries, Supplier<@Nullable DeploymentControl> control) {
        this.token = token;
        this.tries = tries;
        this.control = control;
    }

    /** Returns whether something can be changed at present by who has the token. */
    boolean isOpen() {
        return token.isThere() && control.get() != null;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        InetAddress client = exchange.getRemoteAddress().getAddress();
        DeploymentControl deployment = control.get();
        if (!token.isThere() || deployment == null) {
            Answer.text(
                    exchange,
                    Answer.FORBIDDEN,
                    "this page is read-only; see 'token.file' of org.netloop.console");
        } else if (isAdmitted(exchange, client)) {
            answer(exchange, client, deployment);
        }
    }

    /** Checks the token; otherwise answers, and returns false. */
    private boolean isAdmitted(HttpExchange exchange, InetAddress client) throws IOException {
        String given = exchange.getRequestHeaders().getFirst(TOKEN);
        long wait = tries.secondsLeft(client);
        // All users of this machine, and of a proxy on it, share one address: the wrong tokens of
        // one
        // do not keep the right one of another out. A token has at least 16 characters.
        boolean isRight =
                given != null && (wait == 0 || client.isLoopbackAddress()) && token.is(given);
        if (wait > 0 && !isRight) {
            exchange.getResponseHeaders().set("Retry-After", String.valueOf(wait));
            Answer.text(
                    exchange,
                    Answer.TOO_MANY_REQUESTS,
                    "too many wrong tokens; try again in " + wait + " s");
            return false;
        }
        if (!isRight) {
            tries.wrong(client);
            LOG.warn("a client at {} showed no or a wrong token", client.getHostAddress());
            Answer.text(exchange, Answer.FORBIDDEN, "the token is wrong");
            return false;
        }
        tries.right(client);
        return true;
    }

    private static void answer(
            HttpExchange exchange, InetAddress client, DeploymentControl deployment)
            throws IOException {
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        if (!"application/json".equals(type)) {
            Answer.text(exchange, Answer.UNSUPPORTED, "requests are of type application/json");
            return;
        }
        byte[] body = exchange.getRequestBody().readNBytes(LONGEST + 1);
        Map<String, Object> request = parsed(body);
        if (request.remove("do") instanceof String verb && Changes.allow(verb, request)) {
            LOG.info("a client at {} asks for {}", client.getHostAddress(), verb);
            Answer.json(exchange, asked(deployment, verb, request));
        } else {
            Answer.text(exchange, Answer.BAD_REQUEST, "that is not a change that the page makes");
        }
    }

    private static Map<String, Object> parsed(byte[] body) {
        try {
            Map<String, Object> members =
                    JSON.std.mapFrom(new String(body, StandardCharsets.UTF_8));
            return members == null ? new LinkedHashMap<>() : new LinkedHashMap<>(members);
        } catch (IOException e) {
            LOG.debug("a request is malformed: {}", e.getMessage());
            return new LinkedHashMap<>();
        }
    }

    /**
     * Asks on a thread that goes on when the page is gone or the console stops, as the change may
     * have it do, and answers before the server gives the connection up.
     */
    private static Map<String, Object> asked(
            DeploymentControl deployment, String verb, Map<String, Object> request)
            throws IOException {
        FutureTask<Map<String, Object>> task =
                new FutureTask<>(() -> ask(deployment, verb, request));
        Thread.ofVirtual().name("netloop-console-change").start(task);
        try {
            return task.get(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            return Map.of("ok", true, "message", "it takes longer; look again in a while");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the console stops");
        } catch (ExecutionException e) {
            Throwable why = Objects.requireNonNullElse(e.getCause(), e);
            throw new IOException(Failures.sentence(why), why);
        }
    }

    private static Map<String, Object> ask(
            DeploymentControl deployment, String verb, Map<String, Object> request) {
        Map<String, Object> answer = new LinkedHashMap<>();
        try {
            answer.put("ok", true);
            answer.putAll(deployment.ask(verb, request));
        } catch (IOException e) {
            answer.put("ok", false);
            answer.put("error", Failures.sentence(e));
        }
        return answer;
    }
}
