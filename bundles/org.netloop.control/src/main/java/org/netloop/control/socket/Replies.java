package org.netloop.control.socket;

import org.jspecify.annotations.Nullable;
import org.netloop.api.message.Failures;
import org.netloop.control.config.RefusedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Makes a reply of a request, whatever its handler throws. Thread-safe. */
final class Replies {
    /** Member of a reply: whether it is an answer. */
    static final String OK = "ok";

    /** Member of a reply that is not an answer: why. */
    static final String ERROR = "error";

    private static final Logger LOG = LoggerFactory.getLogger(Replies.class);

    private Replies() {}

    /** A request that may turn out to be malformed. */
    @FunctionalInterface
    interface Request {
        Map<String, Object> members() throws RefusedException;
    }

    /**
     * Returns the members of a reply, fit to be shown: {@value #OK} and the answer, or {@value #OK}
     * and {@value #ERROR}.
     *
     * @param where the request came in; for the log
     */
    static Map<?, ?> of(Request request, ControlSocket.Handler handler, Object where) {
        Map<String, @Nullable Object> reply = new LinkedHashMap<>();
        try {
            Map<String, ?> answer = handler.answer(request.members());
            reply.put(OK, true);
            reply.putAll(answer);
        } catch (RefusedException e) {
            // May be of several lines.
            refuse(reply, String.valueOf(e.getMessage()));
        } catch (IOException | IllegalArgumentException e) {
            refuse(reply, Failures.sentence(e));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            refuse(reply, "the deployment is being stopped");
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            LOG.error("a request at {} could not be dealt with", where, e);
            refuse(
                    reply,
                    "it failed: " + Failures.sentence(e) + "; the deployment's log says where");
        }
        return Shown.of(reply);
    }

    private static void refuse(Map<String, @Nullable Object> reply, String why) {
        reply.clear();
        reply.put(OK, false);
        reply.put(ERROR, why);
    }
}
