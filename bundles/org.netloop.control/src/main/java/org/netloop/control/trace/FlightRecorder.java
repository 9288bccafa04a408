package org.netloop.control.trace;

/**
 * Tells whether this Java has JDK Flight Recorder, and lets bundles use it: one that was cut down
 * need not.
 */
final class FlightRecorder {
    private static final boolean THERE = look();

    private FlightRecorder() {}

    private static boolean look() {
        try {
            ClassLoader ours = FlightRecorder.class.getClassLoader();
            Class.forName("jdk.jfr.Event", false, ours);
            Class.forName("jdk.jfr.internal.event.EventWriter", false, ours);
            Class.forName("jdk.jfr.consumer.RecordingStream", false, ours);
            return true;
        } catch (ClassNotFoundException | LinkageError _) {
            // The answer to the question.
            return false;
        }
    }

    static boolean isThere() {
        return THERE;
    }
}
