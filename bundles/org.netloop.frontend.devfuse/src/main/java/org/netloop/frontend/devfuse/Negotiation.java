package org.netloop.frontend.devfuse;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;

/**
 * The first exchange of a session, FUSE_INIT: version, sizes, and what both sides can.
 *
 * @param major the kernel's version of the protocol
 * @param minor the same
 * @param ahead the longest read ahead that the kernel would do, in bytes
 * @param able what the kernel can, as bits of linux/fuse.h
 */
record Negotiation(int major, int minor, int ahead, long able) {
    static final int MAJOR = 7;

    /** The version this is written for: Linux 6.18. */
    private static final int MINOR = 45;

    /** The oldest with the answer's present length: Linux 3.15. */
    private static final int OLDEST = 23;

    /** The length of the answer's fields, in bytes. */
    static final int LENGTH = 64;

    /** The longest read and write, in bytes; as pages, the kernel's own default limit. */
    static final int MOST = 1 << 20;

    private static final long ASYNC_READ = 1;
    private static final long BIG_WRITES = 1L << 5;
    private static final long ASYNC_DIO = 1L << 15;
    private static final long PARALLEL_DIROPS = 1L << 18;
    private static final long ABORT_ERROR = 1L << 21;
    private static final long MAX_PAGES = 1L << 22;
    private static final long EXPLICIT_INVAL_DATA = 1L << 25;
    private static final long INIT_EXT = 1L << 30;
    private static final long DIRECT_IO_ALLOW_MMAP = 1L << 36;
    private static final long HAS_RESEND = 1L << 39;
    private static final long WANTED =
            ASYNC_READ
                    | BIG_WRITES
                    | ASYNC_DIO
                    | PARALLEL_DIROPS
                    | ABORT_ERROR
                    | MAX_PAGES
                    | EXPLICIT_INVAL_DATA
                    | INIT_EXT
                    | DIRECT_IO_ALLOW_MMAP
                    | HAS_RESEND;

    /**
     * The kernel reads ahead in so many requests at a time, over all files: the most there can be,
     * as one file whose reads wait must not use up what the others need.
     */
    private static final short BACKGROUND = (short) 0xFFFF;

    private static final int PAGE = 4096;
    private static final int PAGES = MOST / PAGE;
    private static final int UPPER = 32;

    static Negotiation of(Request request) {
        long able = Integer.toUnsignedLong(request.word(12));
        if ((able & INIT_EXT) != 0) {
            able |= Integer.toUnsignedLong(request.word(16)) << UPPER;
        }
        return new Negotiation(request.word(0), request.word(4), request.word(8), able);
    }

    /** Returns whether the kernel's version is one that this speaks. */
    boolean isKnown() {
        return major > MAJOR || (major == MAJOR && minor >= OLDEST);
    }

    /** Returns what both sides can. */
    private long agreed() {
        return able & WANTED;
    }

    /** Returns whether requests under way can be sent again to a successor: Linux 6.9. */
    boolean resends() {
        return (agreed() & HAS_RESEND) != 0;
    }

    /**
     * Writes the answer. To a newer major version it says only its own, and is asked again.
     *
     * @param fields {@value #LENGTH} bytes of zeros
     * @param writes whether files may be written
     */
    void answer(MemorySegment fields, boolean writes) {
        fields.set(JAVA_INT, 0, MAJOR);
        fields.set(JAVA_INT, 4, Math.min(minor, MINOR));
        fields.set(JAVA_INT, 8, ahead);
        fields.set(JAVA_INT, 12, (int) agreed());
        fields.set(JAVA_SHORT, 16, BACKGROUND);
        fields.set(JAVA_SHORT, 18, BACKGROUND);
        fields.set(JAVA_INT, 20, writes ? MOST : PAGE);
        fields.set(JAVA_INT, 24, 1);
        fields.set(JAVA_SHORT, 28, (short) PAGES);
        fields.set(JAVA_INT, 32, (int) (agreed() >>> UPPER));
    }

    /** Returns the length of a buffer that takes any request, in bytes. */
    static long requestLength(boolean writes) {
        return writes ? MOST + 2L * PAGE : 16L * PAGE;
    }
}
