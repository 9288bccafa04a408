package org.netloop.frontend.fuse;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * A request as the kernel writes it (linux/fuse.h): a header of 40 bytes {length, opcode, unique,
 * node, uid, gid, pid, padding}, then what its operation needs. A view of the buffer it was read
 * into; used by one thread.
 *
 * @param bytes the buffer, at least as long as the longest request that is looked at
 */
record Request(MemorySegment bytes) {
    static final int READ = 15;
    static final int WRITE = 16;
    static final int FSYNC = 20;
    static final int INTERRUPT = 36;
    static final int FALLOCATE = 43;
    static final int LSEEK = 46;

    private static final long OPCODE = 4;
    private static final long UNIQUE = 8;
    private static final long PID = 32;
    private static final long BODY = 40;
    private static final long BODY_SECOND = 48;
    private static final long BODY_THIRD = 56;
    private static final long BODY_FOURTH = 64;
    private static final long DATA = 80;

    int opcode() {
        return bytes.get(JAVA_INT, OPCODE);
    }

    /** Names it among all that are under way. */
    long unique() {
        return bytes.get(JAVA_LONG, UNIQUE);
    }

    /** The thread that asks, as this process numbers it; 0 if it has no number for it. */
    int thread() {
        return bytes.get(JAVA_INT, PID);
    }

    /** Returns the handle that the opened file was given; for what is asked of an open file. */
    long handle() {
        return bytes.get(JAVA_LONG, BODY);
    }

    /** Returns the offset in bytes; for READ, WRITE, LSEEK and FALLOCATE. */
    long offset() {
        return bytes.get(JAVA_LONG, BODY_SECOND);
    }

    /** Returns the number of bytes; for READ and WRITE. */
    int size() {
        return bytes.get(JAVA_INT, BODY_THIRD);
    }

    /** Returns a copy of the first bytes to write; for WRITE. */
    ByteBuffer data(int count) {
        byte[] copy = bytes.asSlice(DATA, count).toArray(JAVA_BYTE);
        return ByteBuffer.wrap(copy);
    }

    /** Returns the length of the range in bytes; for FALLOCATE. */
    long length() {
        return bytes.get(JAVA_LONG, BODY_THIRD);
    }

    /** Returns the mode, as in fallocate(2); for FALLOCATE. */
    int mode() {
        return bytes.get(JAVA_INT, BODY_FOURTH);
    }

    /** Returns the mode, as in lseek(2); for LSEEK. */
    int whence() {
        return bytes.get(JAVA_INT, BODY_THIRD);
    }

    /** Returns the id of the request to interrupt; for INTERRUPT. */
    long interrupted() {
        return bytes.get(JAVA_LONG, BODY);
    }
}
