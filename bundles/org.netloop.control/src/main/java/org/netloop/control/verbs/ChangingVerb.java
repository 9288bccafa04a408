package org.netloop.control.verbs;

import org.netloop.api.control.ControlRequest;
import org.netloop.api.control.ControlVerb;
import org.netloop.control.changes.ChangeTurns;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/** A verb that changes what outlives the process, each time in a turn of its own. */
public final class ChangingVerb implements ControlVerb {
    private static final Set<String> READING =
            Set.of("bundle.ls", "feature.ls", "config.history", "config.diff");

    private final ControlVerb verb;
    private final ChangeTurns turns;

    /** Creates a verb that answers as another one does, in turn. */
    public ChangingVerb(ControlVerb verb, ChangeTurns turns) {
        this.verb = verb;
        this.turns = turns;
    }

    @Override
    public Duration limit() {
        return verb.limit();
    }

    @Override
    public Map<String, ?> answer(ControlRequest request) throws IOException, InterruptedException {
        if (READING.contains(request.verb())) {
            return verb.answer(request);
        }
        try (ChangeTurns.Turn _ = turns.change()) {
            return verb.answer(request);
        }
    }
}
