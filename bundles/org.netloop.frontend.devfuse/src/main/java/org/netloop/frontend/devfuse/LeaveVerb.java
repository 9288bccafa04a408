package org.netloop.frontend.devfuse;

import org.netloop.api.control.ControlRequest;
import org.netloop.api.control.ControlVerb;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/** {@code netloop ask devfuse.leave}: this process ends and leaves its mounts to a successor. */
@Component(service = ControlVerb.class, property = ControlVerb.NAME + "=devfuse.leave")
public final class LeaveVerb implements ControlVerb {
    private static final Duration ANSWERED_WITHIN = Duration.ofMillis(100);
    private static final int SIGTERM = 15;

    private final DevFuseFrontend frontend;

    /** Created by Declarative Services. */
    @Activate
    public LeaveVerb(@Reference DevFuseFrontend frontend) {
        this.frontend = frontend;
    }

    @Override
    public Map<String, ?> answer(ControlRequest request) throws IOException {
        int count = frontend.leave();
        if (count == 0) {
            throw new IOException(
                    "no mount of this process survives it: set the option survive=true of an"
                            + " attachment by the frontend devfuse");
        }
        Thread.ofVirtual().start(LeaveVerb::endSoon);
        return Map.of(
                "mounts",
                count,
                "message",
                count + (count == 1 ? " mount waits" : " mounts wait") + " for a successor");
    }

    /** Stops as a signal from outside would. */
    private static void endSoon() {
        try {
            Thread.sleep(ANSWERED_WITHIN);
        } catch (InterruptedException _) {
            // It is to end at once.
        }
        Native.kill((int) ProcessHandle.current().pid(), SIGTERM);
    }
}
