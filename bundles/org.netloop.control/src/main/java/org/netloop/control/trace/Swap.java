package org.netloop.control.trace;

/** A swap of bundles while it lasts. Used by one thread. */
public interface Swap extends AutoCloseable {
    /** Begins one, which is recorded while JDK Flight Recorder records. */
    static Swap begin(String bundle, String from, String to) {
        return FlightRecorder.isThere() ? new SwapEvent(bundle, from, to) : new Swap() {};
    }

    /** Loads what recording needs, so that the first event of this process is no later for it. */
    static void prepare() {
        if (FlightRecorder.isThere()) {
            boolean _ = new SwapEvent("", "", "").isEnabled();
        }
    }

    /** Notes that the new bundle has taken the place of the old one. */
    default void succeeded() {}

    /** Ends it. */
    @Override
    default void close() {}
}
