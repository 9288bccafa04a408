package org.netloop.engine.trace;

/**
 * Begins spans of reads and of the stages that their blocks go through. They are recorded by JDK
 * Flight Recorder, where this Java has it, while somebody makes it record. Called by many threads
 * at once.
 */
public final class Trace {
    /** The look into the cache of stored blocks. */
    public static final String STORED = "stored";

    /** The look into the cache that machines share. */
    public static final String SHARED = "shared";

    /** A fetch from the mirrors, with all its attempts and checks. */
    public static final String MIRROR = "mirror";

    /** A request to one mirror. */
    public static final String ATTEMPT = "attempt";

    /** The comparison with a digest. */
    public static final String VERIFY = "verify";

    /** The decoding of a block. */
    public static final String DECODE = "decode";

    private static final Tracer TRACER = isThere() ? new FlightRecorder() : Tracer.NONE;

    private Trace() {}

    /**
     * The second class is what the recorder calls in the code of an event, once it records: where a
     * class loader hides it, a read would fail then.
     */
    private static boolean isThere() {
        try {
            ClassLoader ours = Trace.class.getClassLoader();
            Class.forName("jdk.jfr.Event", false, ours);
            Class.forName("jdk.jfr.internal.event.EventWriter", false, ours);
            return true;
        } catch (ClassNotFoundException | LinkageError _) {
            // A Java that was cut down, or another framework: nothing records there.
            return false;
        }
    }

    /**
     * Begins a read that does not find everything in memory.
     *
     * @param volume its name
     * @param offset of the first byte that is not in memory
     * @param length bytes from there on
     */
    public static Span read(String volume, long offset, int length) {
        return TRACER.read(volume, offset, length);
    }

    /**
     * Begins a stage.
     *
     * @param stage one of the names above
     * @param path of the object
     * @param position of the first byte in it
     * @param length in bytes; 0 or less for all of the object
     */
    public static Span stage(String stage, String path, long position, long length) {
        return TRACER.stage(stage, path, position, length);
    }
}
