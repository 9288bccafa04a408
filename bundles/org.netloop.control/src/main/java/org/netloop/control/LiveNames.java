package org.netloop.control;

import org.netloop.control.socket.ControlSocket;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Names of what is in the deployment of a shell, for its completion. There are none elsewhere: what
 * completes in another program is written once and for all.
 */
abstract sealed class LiveNames implements Iterable<String> {
    private final Map<String, String> request;
    private final String rows;
    private final String kind;

    private LiveNames(Map<String, String> request, String rows, String kind) {
        this.request = request;
        this.rows = rows;
        this.kind = kind;
    }

    /** Completes names of bundles. */
    static final class Bundles extends LiveNames {
        Bundles() {
            super(Map.of("do", "bundle.ls"), "bundles", "");
        }
    }

    /** Completes names of volumes. */
    static final class Volumes extends LiveNames {
        Volumes() {
            super(Map.of("do", "status"), "parts", "volume");
        }
    }

    @Override
    public Iterator<String> iterator() {
        List<String> names = new ArrayList<>();
        if (System.getProperty(StateOption.STATE_PROPERTY) != null) {
            try {
                Map<String, Object> answer = ControlSocket.ask(new StateOption().socket(), request);
                for (Map<?, ?> row : Answers.rows(answer, rows)) {
                    if (kind.isEmpty() || kind.equals(row.get("kind"))) {
                        names.add(String.valueOf(row.get("name")));
                    }
                }
            } catch (IOException e) {
                // Whoever runs the line is told; completing it only offers nothing.
                names.clear();
            }
        }
        return names.iterator();
    }
}
