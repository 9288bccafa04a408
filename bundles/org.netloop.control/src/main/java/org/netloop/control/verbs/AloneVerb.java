package org.netloop.control.verbs;

import org.netloop.api.control.ControlRequest;
import org.netloop.api.control.ControlVerb;
import org.netloop.control.standby.Standby;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/** A verb during which no process stands by, nor afterwards if it succeeds: this one ends then. */
public final class AloneVerb implements ControlVerb {
    private final ControlVerb verb;
    private final Standby standby;

    /** Creates a verb that answers as another one does. */
    public AloneVerb(ControlVerb verb, Standby standby) {
        this.verb = verb;
        this.standby = standby;
    }

    @Override
    public Duration limit() {
        return verb.limit();
    }

    @Override
    public Map<String, ?> answer(ControlRequest request) throws IOException, InterruptedException {
        Standby.Pause pause = standby.pause();
        boolean done = false;
        try {
            Map<String, ?> answer = verb.answer(request);
            done = true;
            return answer;
        } finally {
            if (!done) {
                pause.close();
            }
        }
    }
}
