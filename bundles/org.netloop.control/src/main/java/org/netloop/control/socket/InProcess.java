package org.netloop.control.socket;

import org.netloop.api.control.DeploymentControl;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** The way in for bundles of the same process: as over the socket, without one. Thread-safe. */
public final class InProcess implements DeploymentControl {
    private final ControlSocket.Handler handler;

    /** Asks a handler. */
    public InProcess(ControlSocket.Handler handler) {
        this.handler = handler;
    }

    @Override
    public Map<String, Object> ask(String verb, Map<String, ?> arguments) throws IOException {
        Map<String, Object> request = new LinkedHashMap<>(arguments);
        request.put("do", verb);
        Map<String, Object> answer = new LinkedHashMap<>();
        Replies.of(() -> request, handler, "the service of this process")
                .forEach((name, member) -> answer.put(String.valueOf(name), member));
        if (!Boolean.TRUE.equals(answer.remove(Replies.OK))) {
            throw new IOException(String.valueOf(answer.get(Replies.ERROR)));
        }
        return answer;
    }
}
