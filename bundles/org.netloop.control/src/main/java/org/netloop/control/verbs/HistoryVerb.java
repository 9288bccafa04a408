package org.netloop.control.verbs;

import org.netloop.api.control.ControlRequest;
import org.netloop.api.control.ControlVerb;
import org.netloop.control.changes.ConfigHistory;
import org.netloop.control.changes.ConfigHistory.Snapshot;
import org.netloop.control.config.LiveConfiguration;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code config.history}, {@code config.diff} and {@code config.rollback}. */
public final class HistoryVerb implements ControlVerb {
    /** The verbs it answers. */
    public static final List<String> NAMES =
            List.of("config.history", "config.diff", "config.rollback");

    private static final String SNAPSHOT = "snapshot";

    private final LiveConfiguration configuration;

    /** Creates the verb of a running deployment. */
    public HistoryVerb(LiveConfiguration configuration) {
        this.configuration = configuration;
    }

    /** A rollback waits until it has taken effect, which has a limit of its own. */
    @Override
    public Duration limit() {
        return LONGEST_LIMIT;
    }

    @Override
    public boolean isChange(ControlRequest request) {
        return request.verb().equals("config.rollback");
    }

    @Override
    public Map<String, ?> answer(ControlRequest request) throws IOException, InterruptedException {
        return switch (request.verb()) {
            case "config.diff" ->
                    Map.of("lines", configuration.difference(request.number(SNAPSHOT)));
            case "config.rollback" ->
                    Map.of("message", configuration.rollback(request.number(SNAPSHOT)));
            default -> Map.of("snapshots", list());
        };
    }

    private List<Map<String, Object>> list() throws IOException {
        List<Map<String, Object>> rows = new ArrayList<>();
        ConfigHistory history = configuration.history();
        List<Snapshot> snapshots = history.list();
        for (Snapshot snapshot : snapshots) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("snapshot", snapshot.number());
            row.put("since", snapshot.since());
            row.put("files", List.copyOf(snapshot.texts().keySet()));
            row.put("in-force", snapshot == snapshots.getLast());
            rows.add(row);
        }
        return rows;
    }
}
