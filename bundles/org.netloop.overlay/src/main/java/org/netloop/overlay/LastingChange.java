package org.netloop.overlay;

import org.netloop.api.control.ControlRequest;
import org.netloop.api.control.ControlVerb;

import java.io.IOException;
import java.util.Map;

/** A verb that changes what lies on disk, and so outlives the process. */
record LastingChange(Change change) implements ControlVerb {

    /** Does what is asked. */
    interface Change {
        Map<String, ?> make(ControlRequest request) throws IOException;
    }

    @Override
    public Map<String, ?> answer(ControlRequest request) throws IOException {
        return change.make(request);
    }

    @Override
    public boolean isChange(ControlRequest request) {
        return true;
    }
}
