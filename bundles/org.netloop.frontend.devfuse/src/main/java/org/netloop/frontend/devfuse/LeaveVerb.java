package org.netloop.frontend.devfuse;

import org.netloop.api.control.ControlRequest;
import org.netloop.api.control.ControlVerb;
import org.netloop.api.systemd.HandsOver;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** {@code netloop ask devfuse.leave}: this process ends and leaves its mounts to a successor. */
@Component(service = ControlVerb.class, property = ControlVerb.NAME + "=devfuse.leave")
public final class LeaveVerb implements ControlVerb {
    private static final Duration ANSWERED_WITHIN = Duration.ofMillis(100);
    private static final int SIGTERM = 15;

    /** Parts of this process, also those that a bundle left when another took its place. */
    @Reference private volatile List<HandsOver> parts;

    private final Runnable end;

    /** Created by Declarative Services, which sets the parts. */
    public LeaveVerb() {
        this(List.of(), LeaveVerb::endSoon);
    }

    /**
     * @param end called on a thread of its own
     */
    LeaveVerb(List<HandsOver> parts, Runnable end) {
        this.parts = parts;
        this.end = end;
    }

    @Override
    public Map<String, ?> answer(ControlRequest request) throws IOException {
        int count = parts.stream().mapToInt(HandsOver::leave).sum();
        if (count == 0) {
            throw new IOException(
                    "no mount of this process survives it: set the option survive=true of an"
                            + " attachment by the frontend devfuse");
        }
        Thread.ofVirtual().start(end);
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
