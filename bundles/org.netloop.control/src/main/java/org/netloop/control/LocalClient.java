package org.netloop.control;

import org.netloop.api.control.ControlClient;
import org.netloop.api.control.Deployment;
import org.netloop.control.socket.ControlSocket;
import org.osgi.service.component.annotations.Component;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Asks the deployments of this machine at their sockets. */
@Component
public final class LocalClient implements ControlClient {
    /** Created by Declarative Services. */
    public LocalClient() {}

    @Override
    public Map<String, Object> ask(Deployment deployment, String verb, Map<String, ?> arguments)
            throws IOException {
        Map<String, Object> request = new LinkedHashMap<>(arguments);
        request.put("do", verb);
        Map<String, Object> answer =
                ControlSocket.ask(StateOption.of(deployment).socket(), request);
        answer.remove("ok");
        return answer;
    }
}
