package org.netloop.frontend.devfuse;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * Native memory in which one answer at a time is made (linux/fuse.h): a header of 16 bytes {length,
 * negative errno, unique}, then the data. Used by one thread at a time.
 */
final class Reply {
    private static final long HEADER = 16;
    private static final long ERROR = 4;
    private static final long UNIQUE = 8;
    private static final long PAGE = 4096;

    private final MemorySegment bytes;
    private final MemorySegment body;
    private final ByteBuffer data;
    private final MemorySegment state;

    /**
     * Makes room for answers of at most so much data.
     *
     * @param most in bytes; all of it is touched, so that nothing is missing when it is sent
     */
    Reply(Arena arena, int most) {
        bytes = arena.allocate(HEADER + most, PAGE);
        body = bytes.asSlice(HEADER);
        data = body.asByteBuffer();
        state = Native.state(arena);
    }

    /** Returns the most data of an answer, in bytes. */
    int most() {
        return data.capacity();
    }

    /** Returns the buffer for the data of an answer. */
    ByteBuffer data(int length) {
        return data.clear().limit(length);
    }

    /** Returns the data of an answer, for fields; as it was left by the last one. */
    MemorySegment body() {
        return body;
    }

    /** Returns the data of an answer, all zeros as far as it will be sent. */
    MemorySegment fields(int length) {
        for (long at = 0; at < length; at += Long.BYTES) {
            body.set(JAVA_LONG, at, 0);
        }
        return body;
    }

    /** Sends an answer of so many bytes of data, which are there. */
    void send(Device device, long unique, int length) {
        send(device, unique, 0, length);
    }

    /** Sends an answer that says what went wrong, by a positive errno. */
    void fail(Device device, long unique, int errno) {
        send(device, unique, -errno, 0);
    }

    /**
     * Sends a notice to the kernel.
     *
     * @param code its kind
     * @return a negative errno if it was not taken
     */
    long notify(Device device, int code, int length) {
        return send(device, 0, code, length);
    }

    /** An answer that is not taken was for a reader that has gone, or for the former process. */
    private long send(Device device, long unique, int error, int length) {
        bytes.set(JAVA_INT, 0, (int) HEADER + length);
        bytes.set(JAVA_INT, ERROR, error);
        bytes.set(JAVA_LONG, UNIQUE, unique);
        return device.send(bytes, HEADER + length, state);
    }
}
