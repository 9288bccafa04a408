package org.netloop.frontend.fuse;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * Native memory in which one answer at a time is made (linux/fuse.h): a header of 16 bytes {length,
 * negative errno, unique}, then the data. An iovec of it lies behind. Used by one thread at a time.
 */
final class Reply {
    /** The longest read, in bytes, which libfuse 2 sets. */
    static final int MOST = 128 << 10;

    private static final long HEADER = 16;
    private static final long ERROR = 4;
    private static final long UNIQUE = 8;
    private static final long IOVEC = HEADER + MOST;
    private static final long IOVEC_LENGTH = IOVEC + 8;
    private static final long PAGE = 4096;

    private final Arena arena;
    private final MemorySegment bytes;
    private final ByteBuffer data;

    Reply(Arena arena) {
        this.arena = arena;
        bytes = arena.allocate(IOVEC + 16, PAGE);
        bytes.set(ADDRESS, IOVEC, bytes);
        data = bytes.asSlice(HEADER, MOST).asByteBuffer();
    }

    /** Frees its memory: it is not used any more. */
    void free() {
        arena.close();
    }

    /** Returns the buffer for the data of an answer. */
    ByteBuffer data(int length) {
        return data.clear().limit(length);
    }

    /** An answer of so many bytes of data, which are there. */
    MemorySegment of(long unique, int length) {
        return header(unique, 0, length);
    }

    /** An answer that says one number: where a hole or data begin. */
    MemorySegment ofOffset(long unique, long offset) {
        bytes.set(JAVA_LONG, HEADER, offset);
        return header(unique, 0, Long.BYTES);
    }

    /** An answer that says how many bytes were written. */
    MemorySegment ofWritten(long unique, int count) {
        bytes.set(JAVA_LONG, HEADER, 0);
        bytes.set(JAVA_INT, HEADER, count);
        return header(unique, 0, Long.BYTES);
    }

    /** An answer that says what went wrong, by a positive errno. */
    MemorySegment failed(long unique, int errno) {
        return header(unique, errno, 0);
    }

    private MemorySegment header(long unique, int errno, int length) {
        bytes.set(JAVA_INT, 0, (int) HEADER + length);
        bytes.set(JAVA_INT, ERROR, -errno);
        bytes.set(JAVA_LONG, UNIQUE, unique);
        bytes.set(JAVA_LONG, IOVEC_LENGTH, HEADER + length);
        return bytes.asSlice(IOVEC);
    }
}
